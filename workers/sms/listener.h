#ifndef DUBAN_SMS_LISTENER_H
#define DUBAN_SMS_LISTENER_H

/*
 * Where delivery reports come in, over HTTP. Each that bears our mark becomes an event of the
 * cases its message was about, with an id that is the same whenever it comes again; only when
 * the daemon has it durably is the provider told so, and until then it is to come again.
 */
struct listener;

struct listener_options {
    const char *listen; /* 127.0.0.1:13080 */
    const char *secret; /* that reports are marked with */
    const char *events; /* the daemon's events door */
};

/* NULL: it cannot, which was logged. */
struct listener *listener_open(const struct listener_options *options);
/* NULL is fine. */
void listener_close(struct listener *listener);

#endif
