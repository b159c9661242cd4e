#include "codec/language_parts.h"

static const struct shape endpoint = {
    .name = "endpoint",
    .scalar = SCALAR_TEXT,
    WANTED("an endpoint, as in ipc:///run/duban/events.sock",
           "端点，如 ipc:///run/duban/events.sock"),
};
static const struct shape socket_mode = {
    .name = "socket_mode",
    .scalar = SCALAR_WORD,
    .words = {"0600", "0660", "0666"},
    WANTED("0600, 0660 or 0666", " 0600、0660 或 0666"),
};
static const struct map_key settings_keys[] = {
    {"data", &shape_text, KEY_MAY, "folder of the store (/var/lib/duban)",
     "存储目录（/var/lib/duban）"},
    {"master", &shape_text, KEY_MAY,
     "file of the key that private facts are sealed with; absent: systemd's credential "
     "master.key, else master.key in the store",
     "密封隐私事实的主密钥文件；不写则取 systemd 凭据 master.key，否则取存储目录中的 "
     "master.key"},
    {"run", &shape_text, KEY_MAY, "folder of the doors' sockets (/run/duban)",
     "各门套接字所在目录（/run/duban）"},
    {"events", &endpoint, KEY_MAY, "the publishers' door (events.sock in `run`)",
     "事件门（run 中的 events.sock）"},
    {"work", &endpoint, KEY_MAY, "the workers' door (work.sock in `run`)",
     "工作门（run 中的 work.sock）"},
    {"control", &endpoint, KEY_MAY, "the operators' door (control.sock in `run`)",
     "控制门（run 中的 control.sock）"},
    {"hints", &endpoint, KEY_MAY, "the door of hints (hints.sock in `run`)",
     "提示门（run 中的 hints.sock）"},
    {"socket-mode", &socket_mode, KEY_MAY,
     "who may knock at the doors (0600: the daemon's user)",
     "套接字权限（0600：仅守护进程的用户）"},
    {"map-mib", &shape_number, KEY_MAY,
     "what the state may grow to, MiB (16384); address space, not memory",
     "状态可增长到的大小，MiB（16384）；是地址空间，不是内存"},
    {"debug", &shape_flag, KEY_MAY, "log the story of each event too (false)",
     "日志中也写明每个事件的经过（false）"},
};
static const struct map_kind settings_kind = {.name = "settings", KEYS(settings_keys)};
static const struct shape settings_file = {
    .name = "settings",
    .map = &settings_kind,
    WANTED("a map of settings, as in `data: /var/lib/duban`",
           "设置的映射，如 data: /var/lib/duban"),
};
const struct language language_settings = {
    .name = "settings",
    .title_en = "duband settings",
    .title_zh = "duband 设置",
    .root = &settings_file,
};
