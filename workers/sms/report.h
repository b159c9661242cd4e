#ifndef DUBAN_SMS_REPORT_H
#define DUBAN_SMS_REPORT_H

/*
 * The URL by which a delivery report finds its way back. It says which message it is about, and
 * bears a mark that only we and the provider can have made: whoever else reaches the listener
 * cannot report what did not happen.
 */
#include <stdbool.h>

#define REPORT_PATH       "/report"
#define REPORT_QUERY_SIZE 256
#define REPORT_MARK_SIZE  33

/* The mark of a message. */
void report_mark(const char *secret, const char *key, char mark[REPORT_MARK_SIZE]);
bool report_marked(const char *secret, const char *key, const char *mark);

/* `?key=…&mark=…&status=%d`, where Kannel puts the status in; false: the key has characters
 * that would not come through. */
bool report_query(const char *secret, const char *key, char query[REPORT_QUERY_SIZE]);

enum report_status { REPORT_NOTHING, REPORT_DELIVERED, REPORT_BOUNCED };

/* Kannel's: 1 delivered, 2 not, 16 refused by the SMSC; all else is on its way. */
enum report_status report_kannel(const char *status);

#endif
