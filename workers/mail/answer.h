#ifndef DUBAN_MAIL_ANSWER_H
#define DUBAN_MAIL_ANSWER_H

/* What a server answers: a code and words, over one line or several. Any bytes may come. */
#include "smtp.h"

struct answer {
    uint32_t code; /* 0: none yet */
    bool more;     /* its last line is still to come */
    char words[1024];
    size_t size;
};

void answer_init(struct answer *answer);
/* The next line. After the last one of an answer another answer begins. */
void answer_take(struct answer *answer, const char *line, size_t size);

/* Whether it refuses by policy (5.7.x of RFC 3463): whom it serves, what it trusts. */
bool answer_is_policy(const struct answer *answer);

/* Its code and words for an operator: well-formed, on one line, the receiver left out. */
void answer_tell(const struct answer *answer, const char *receiver, struct smtp_result *result);
/* The same of a failure that is not the server's. */
void answer_tell_failure(const char *code, const char *words, const char *receiver,
                         struct smtp_result *result);

#endif
