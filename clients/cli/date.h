#ifndef DUBAN_CLI_DATE_H
#define DUBAN_CLI_DATE_H

/* The parts of `duban date`: one question, its explanation day by day, a file of questions. */
#include "cli/command.h"
#include "cli/question.h"

#include <jansson.h>

/* Everyone's office: Asia/Shanghai, moments at 09:00. */
struct office date_office(const struct calendar *calendar);

/* Print the table of days, in the format chosen (not JSON). */
void date_print_days(const struct question *question, const struct office *office);
/* The same as an array. */
json_t *date_days_json(const struct question *question, const struct office *office);

/* Answer every row of a CSV. */
enum exit_code date_answer_file(const char *path, const struct office *office);

#endif
