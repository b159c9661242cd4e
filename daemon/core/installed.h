#ifndef DUBAN_CORE_INSTALLED_H
#define DUBAN_CORE_INSTALLED_H

/*
 * What was installed besides procedures: agencies, people, registers. Read by the law's steps,
 * changed only by recorded acts; built by the codec in an arena, then never changed.
 */
#include "core/due.h"
#include "core/value.h"

#include <stdbool.h>

/* When somebody may be written to: from when to when of a day, and whether on days of rest.
 * Both ends the same: at any hour. */
struct hours {
    int64_t from_ms;
    int64_t to_ms;
    bool workdays; /* on working days only, by the agency's calendar */
};

struct agency {
    struct text id;
    struct text zh;
    struct text en;
    uint16_t parent;      /* index, or NO_AGENCY */
    struct office office; /* zone, calendar, time of day of moments */
    struct hours hours;   /* of notices; 08:00 to 20:00, any day */
    const struct unit *units;
    uint32_t unit_count;
    bool opens_all;           /* it may open cases of any procedure, else of … */
    const struct text *opens; /* … these */
    uint32_t open_count;
};

#define NO_AGENCY 0xffff

struct unit {
    struct text id;
    struct text zh;
    struct text en;
};

/* What a channel needs to know of a person. */
enum channel_address { ADDRESS_MAIL, ADDRESS_PHONE, ADDRESS_PERSON };

#define CHANNELS_MAX 8

/* A way that notices travel: by what rules jobs over it are leased, tried again, given up. */
struct channel {
    struct text name;
    struct text zh;
    struct text en;
    enum channel_address address;
    bool idempotent;      /* the same key twice is one message, so it may be sent again */
    uint32_t attempts;    /* so many failures in a row and it has failed for good */
    uint32_t per_minute;  /* jobs; 0: no limit */
    uint32_t per_day;     /* messages to one receiver; 0: no limit */
    int64_t lease_ms;     /* a worker is silent for so long: the job is lost to it */
    int64_t retry_ms;     /* before the second attempt; doubled for each after it … */
    int64_t retry_max_ms; /* … up to this */
    int64_t late_ms;      /* not sent after so long: the receiver's next channel too */
    int64_t digest_ms;    /* a notice waits so long for others to the same receiver */
    struct hours hours;   /* beside the agency's and the person's */
};

struct person {
    struct text id;
    struct text name;
    bool certified;         /* holds a certificate for enforcement */
    int32_t certified_from; /* DATE_NONE: since ever */
    int32_t certified_to;   /* DATE_NONE: for ever */
    bool english;           /* the language of notices; else Chinese */
    struct text phone;
    struct text mail;
    uint8_t channels
        [CHANNELS_MAX]; /* in order of preference; all that reach, where none is named */
    uint32_t channel_count;
    struct hours hours;                    /* over any channel */
    struct hours hours_over[CHANNELS_MAX]; /* by the channel's index */
};

/* A person is away; both days are of it. */
struct leave {
    uint16_t person;
    int32_t from;
    int32_t to;
};

/* A person holds a role. Dates are inclusive; DATE_NONE leaves that end open. */
struct holding {
    uint16_t person;
    struct text role;
    uint16_t agency;
    struct text unit; /* empty: of the agency as a whole */
    int32_t from;
    int32_t to;
};

/* A deputy acts for a person; by a period that ends by itself. */
struct deputy {
    uint16_t person;
    uint16_t deputy;
    struct text role; /* empty: for every role */
    int32_t from;
    int32_t to;
    bool by_act;        /* set by an operator, not by people.yaml */
    struct text reason; /* then: why */
};

struct column {
    struct text name;
    enum value_type type;
    struct choices choices;
};

/* One row of a register, in force from..to. The first column is its key, a text. */
struct registry_row {
    const struct value *cells; /* one for each column; not known where empty */
    int32_t from;
    int32_t to;
};

/* A register. (`register` is a keyword of C.) */
struct registry {
    struct text name;
    const struct column *columns;
    uint32_t column_count;
    const struct registry_row *rows;
    uint32_t row_count;
};

/* Registers keep their place for life, and columns theirs: guards are compiled to them. An
 * install replaces a register where it stands, and adds columns at the end only. */
struct installed {
    const struct agency *agencies;
    uint32_t agency_count;
    const struct person *people;
    uint32_t person_count;
    const struct holding *holdings;
    uint32_t holding_count;
    const struct deputy *deputies;
    uint32_t deputy_count;
    const struct leave *leaves;
    uint32_t leave_count;
    const struct registry *registries;
    uint32_t registry_count;
    const struct channel *channels;
    uint32_t channel_count; /* at most CHANNELS_MAX */
};

const struct agency *installed_agency(const struct installed *installed, struct text id);
const struct person *installed_person(const struct installed *installed, struct text id);
const struct registry *installed_registry(const struct installed *installed, struct text name);

const struct channel *installed_channel(const struct installed *installed, struct text name);
/* Where a channel finds a person; empty: nowhere. */
struct text person_address(const struct person *person, const struct channel *channel);

uint16_t registry_column(const struct registry *registry, struct text name);
/* The row of a key in force on a date, or NULL. */
const struct registry_row *registry_find(const struct registry *registry, struct text key,
                                         int32_t date);

bool person_certified(const struct person *person, int32_t date);

/* Where a role is looked for. */
struct post {
    struct text role;
    struct text unit; /* of the case; may be empty */
    uint16_t agency;  /* of the case */
    bool above;       /* the parent agency too */
};

/* Whether the person holds the post on a date: in its unit, its agency, or (above) the parent;
 * or is the deputy of somebody who does. */
bool post_held_by(const struct installed *installed, const struct post *post,
                  struct text person, int32_t date);
/* Whether anybody ever holds a post in a unit. */
bool unit_exists(const struct installed *installed, uint16_t agency, struct text unit);
/* Whether the person himself holds any post in the unit on a date. */
bool unit_has(const struct installed *installed, uint16_t agency, struct text unit,
              struct text person, int32_t date);
/* Whether the person holds any post, or is a deputy, in an agency or one above it. */
bool office_held_by(const struct installed *installed, uint16_t agency, struct text person,
                    int32_t date);
/* Who holds it, the unit's holders first, then the agency's, then the parent's: the one of that
 * place in this order; NULL: there are not so many. */
const struct person *post_holder(const struct installed *installed, const struct post *post,
                                 int32_t date, uint32_t place);
/* Whether `deputy` acts for `person` in that role on a date. */
bool is_deputy(const struct installed *installed, struct text person, struct text deputy,
               struct text role, int32_t date);

/* Whether a person is on leave. */
bool person_away(const struct installed *installed, struct text person, int32_t date);
/* Who acts for a person in a role on a date, and for whoever acts for him; empty: nobody was
 * named, or he acts himself again at the end. */
struct text person_deputy(const struct installed *installed, struct text person,
                          struct text role, int32_t date);

#endif
