#include "codec/wire_parts.h"

#include "core/date.h"

/* Questions and acts about notices on their way, and about the people they are for. */

static void take_filter(const Duban__V1__JobFilter *wire, struct job_filter *filter)
{
    if (wire != NULL) {
        *filter = (struct job_filter){
            .states = text_of(wire->state),
            .channel = text_of(wire->channel),
            .receiver = text_of(wire->receiver),
            .agency = text_of(wire->agency),
            .case_id = text_of(wire->case_id),
            .older_ms = wire->older_ms,
            .job = wire->job,
        };
    }
}

static int32_t take_date(const char *words)
{
    int32_t date;

    return date_parse(text_of(words), &date) ? date : DATE_NONE;
}

static void take_decide(const Duban__V1__Decide *wire, struct wire_request *request)
{
    request->verb = WIRE_DECIDE;
    take_filter(wire->filter, &request->decide.filter);
    request->decide.expect = wire->expect;
    request->decide.dry = wire->dry_run != 0;
    if (wire->step == DUBAN__V1__DECIDE__STEP__RETRY) {
        request->decide.step = JOB_STEP_RETRY;
    } else if (wire->step == DUBAN__V1__DECIDE__STEP__RESEND) {
        request->decide.step = JOB_STEP_RESEND;
    } else if (wire->step == DUBAN__V1__DECIDE__STEP__DROP) {
        request->decide.step = JOB_STEP_DROP;
    } else {
        request->verb = WIRE_OTHER;
    }
}

bool wire_take_notices_act(const Duban__V1__Act *act, struct wire_request *request)
{
    if (act->what_case == DUBAN__V1__ACT__WHAT_DECIDE) {
        take_decide(act->decide, request);
        return true;
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_HOLD) {
        request->verb = WIRE_HOLD;
        request->agency = text_of(act->hold->agency);
        request->case_id = text_of(act->hold->case_id);
        request->channel = text_of(act->hold->channel);
        request->off = act->hold->off != 0;
        return true;
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_DISCLOSE) {
        request->verb = WIRE_DISCLOSE;
        request->agency = text_of(act->disclose->agency);
        request->case_id = text_of(act->disclose->case_id);
        request->lease = act->disclose->lease;
        return true;
    }
    if (act->what_case == DUBAN__V1__ACT__WHAT_DEPUTE) {
        request->verb = WIRE_DEPUTE;
        request->depute = (struct wire_depute){
            .person = text_of(act->depute->person),
            .deputy = text_of(act->depute->deputy),
            .role = text_of(act->depute->role),
            .from = take_date(act->depute->from),
            .to = take_date(act->depute->until),
            .ends = act->depute->ends != 0,
        };
        return true;
    }
    return false;
}

bool wire_take_notices_query(const Duban__V1__Query *asked, struct wire_query *query)
{
    if (asked->what_case == DUBAN__V1__QUERY__WHAT_NOTICES) {
        query->question = WIRE_ASKS_NOTICES;
        query->agency = text_of(asked->notices->agency);
        query->case_id = text_of(asked->notices->case_id);
        query->words = asked->notices->words != 0;
        return true;
    }
    if (asked->what_case == DUBAN__V1__QUERY__WHAT_JOBS) {
        query->question = WIRE_ASKS_JOBS;
        take_filter(asked->jobs->filter, &query->jobs);
        query->agency = query->jobs.agency;
        query->case_id = query->jobs.case_id;
        query->limit = asked->jobs->limit;
        query->after_job = asked->jobs->after;
        return true;
    }
    if (asked->what_case == DUBAN__V1__QUERY__WHAT_QUEUES) {
        query->question = WIRE_ASKS_QUEUES;
        return true;
    }
    if (asked->what_case == DUBAN__V1__QUERY__WHAT_PEOPLE) {
        query->question = WIRE_ASKS_PEOPLE;
        query->person = text_of(asked->people->person);
        return true;
    }
    return false;
}
