#include "cli/page.h"

#include "cli/words.h"

/* The words of every notice that the procedure may send: the short ones, and the letter. */

/* A template's names stand in double braces, which Markdown leaves alone. */
static void print_quoted(FILE *out, struct text words)
{
    while (words.size > 0) {
        struct text line = text_cut(words, '\n', &words);

        (void)fprintf(out, "> %.*s%s\n", TEXT_ARGS(line), words.size > 0 ? "  " : "");
    }
}

static void print_notice(struct page *page, const struct notice *notice)
{
    const struct wording *wording =
        wordings_find(page->wordings, notice->name, words_language() != LANGUAGE_ZH);

    if (wording == NULL) {
        return;
    }
    (void)fprintf(page->out, "### `%.*s`\n\n%s\n\n", TEXT_ARGS(notice->name),
                  words_pick("By SMS:", "短信："));
    print_quoted(page->out, wording->brief);
    (void)fprintf(page->out, "\n%s%.*s\n\n", words_pick("By mail: ", "邮件："),
                  TEXT_ARGS(wording->subject));
    print_quoted(page->out, wording->body);
    (void)fputs("\n", page->out);
}

void page_notices(struct page *page)
{
    (void)fputs(words_pick("What stands in double braces is filled in when it is sent.\n\n",
                           "双花括号内的内容在发送时填入。\n\n"),
                page->out);
    for (uint32_t i = 0; i < page->procedure->notice_count; i++) {
        print_notice(page, &page->procedure->notices[i]);
    }
}
