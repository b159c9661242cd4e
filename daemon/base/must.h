#ifndef DUBAN_BASE_MUST_H
#define DUBAN_BASE_MUST_H

/*
 * What only our own bug can break. On in every build: a stopped daemon is repaired by a
 * restart, a wrong record by nobody. Input, files, disks and peers never break a MUST; they
 * return a status.
 */
#define MUST(condition) \
    ((condition) ? (void)0 : must_fail(#condition, __FILE__, __LINE__, __func__))

/* Print the broken condition and its place, then abort. */
_Noreturn void must_fail(const char *condition, const char *file, int line,
                         const char *function);

#endif
