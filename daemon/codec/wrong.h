#ifndef DUBAN_CODEC_WRONG_H
#define DUBAN_CODEC_WRONG_H

/*
 * What can be wrong with a file that somebody wrote, in both languages: what is wrong; what
 * would be right. What is wrong with a guard says core/guard_fault.h.
 */
#include "core/problem.h"

/* Of any YAML file. */
#define WRONGS_OF_YAML(X)                                                                      \
    X(WRONG_SIZE, "file_size", "the file is larger than {0} bytes; divide it",                 \
      "文件超过 {0} 字节；请拆分")                                                             \
    X(WRONG_UTF8, "file_utf8", "these bytes are not UTF-8; save the file as UTF-8",            \
      "此处不是 UTF-8 编码；请将文件存为 UTF-8")                                               \
    X(WRONG_CONTROL, "file_control", "there is a control character here; take it out",         \
      "此处有控制字符；请删去")                                                                \
    X(WRONG_SYNTAX, "yaml_syntax", "this is no YAML: {0}", "不是正确的 YAML：{0}")             \
    X(WRONG_DEPTH, "yaml_depth", "more than {0} levels stand in each other; write it flatter", \
      "嵌套超过 {0} 层；请减少层次")                                                           \
    X(WRONG_NODES, "yaml_nodes", "the file has more than {0} entries; divide it",              \
      "文件超过 {0} 个条目；请拆分")                                                           \
    X(WRONG_EMPTY_FILE, "yaml_empty", "nothing stands in this file", "文件是空的")             \
    X(WRONG_DOCUMENTS, "yaml_documents",                                                       \
      "a second document begins here; one file is one document, so take `---` out",            \
      "此处开始了第二个文档；一个文件只能有一个文档，请删去“---”")                             \
    X(WRONG_ALIAS, "yaml_alias",                                                               \
      "`*{0}` is an alias of YAML, which is refused; write it out, or use `plans`, `needs` "   \
      "or `define`",                                                                           \
      "不接受 YAML 的别名“*{0}”；请写全，或用 plans、needs、define")                           \
    X(WRONG_ANCHOR, "yaml_anchor",                                                             \
      "`&{0}` is an anchor of YAML, which is refused; take it out; `plans`, `needs` and "      \
      "`define` serve",                                                                        \
      "不接受 YAML 的锚点“&{0}”；请删去，可用 plans、needs、define")                           \
    X(WRONG_MERGE, "yaml_merge",                                                               \
      "the merge key `<<` is refused; write it out, or use `plans`, `needs` or `define`",      \
      "不接受合并键“<<”；请写全，或用 plans、needs、define")                                   \
    X(WRONG_TAG, "yaml_tag", "tags of YAML are refused; take `{0}` out",                       \
      "不接受 YAML 的标签；请删去“{0}”")                                                       \
    X(WRONG_DIRECTIVE, "yaml_directive", "directives of YAML (`%`) are refused; take it out",  \
      "不接受 YAML 的指令（“%”）；请删去")                                                     \
    X(WRONG_KEY, "yaml_key", "a key is one word, no list, map or long text",                   \
      "键只能是一个词，不能是列表、映射或长文字")                                              \
    X(WRONG_TWICE, "yaml_twice", "`{0}` stands here twice; it is already in line {1}",         \
      "“{0}”重复；第 {1} 行已经写过")

/* Of keys and shapes; what a value may be is said by its shape and its kind of scalar. */
#define WRONGS_OF_SCHEMA(X)                                                               \
    X(WRONG_NO_KEY, "schema_key", "there is no key `{0}` here; there are {1}",            \
      "此处没有“{0}”这个键；可用 {1}")                                                    \
    X(WRONG_NO_KEY_NEAR, "schema_key", "there is no key `{0}` here; did you mean `{1}`?", \
      "此处没有“{0}”这个键；是否应为 {1}？")                                              \
    X(WRONG_MISSING, "schema_missing", "`{1}` is missing in `{0}`; write it",             \
      "“{0}”缺少 {1}；请补上")

#define WRONG_LIST(X) \
    WRONGS_OF_YAML(X) \
    WRONGS_OF_SCHEMA(X)

#define WRONG_ENUM(name, code, en, zh) name,
enum wrong { WRONG_LIST(WRONG_ENUM) WRONG_COUNT };
#undef WRONG_ENUM

/* The words of it; the address is stable. */
const struct message *wrong_message(enum wrong wrong);

/* Tell it as an error; up to four arguments (PROBLEM_ARGUMENTS), the rest empty. */
void wrong_tell(struct problem_list *problems, enum wrong wrong, struct mark mark,
                struct text first, struct text second);

#endif
