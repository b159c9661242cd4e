#ifndef DUBAN_SMS_NUMBER_H
#define DUBAN_SMS_NUMBER_H

/*
 * Mobile numbers of the mainland, as people write them and as providers want them. Other
 * numbers are refused: an SMS abroad is another product with other rules, and in a register
 * of persons a landline is a mistake that somebody should hear of.
 */
#include <stdbool.h>

#define NUMBER_SIZE 12 /* 11 digits and NUL */

/* `138 0000 0001`, `+86-13800000001`, `008613800000001` → `13800000001`; false: no mobile
 * number of the mainland, and nothing is written. */
bool number_read(const char *written, char number[NUMBER_SIZE]);

#endif
