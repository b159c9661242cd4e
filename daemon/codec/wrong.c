#include "codec/wrong.h"

#define WRONG_MESSAGE(name, code, en, zh) [name] = {code, en, zh},
static const struct message messages[] = {WRONG_LIST(WRONG_MESSAGE)};
#undef WRONG_MESSAGE

const struct message *wrong_message(enum wrong wrong)
{
    return &messages[wrong];
}

void wrong_tell(struct problem_list *problems, enum wrong wrong, struct mark mark,
                struct text first, struct text second)
{
    struct text arguments[] = {first, second};

    problem_add(problems, PROBLEM_ERROR, &messages[wrong], mark, arguments, 2);
}
