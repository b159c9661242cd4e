#ifndef DUBAN_STORE_KEYRING_FILE_H
#define DUBAN_STORE_KEYRING_FILE_H

/*
 * The keyring on a disk: private.keys in the store's folder, slots of a fixed place. A slot
 * holds salt; the key is derived from it and the master key, so neither file alone opens
 * anything. Slots of cases are drawn 1,024 at a time and flushed once, ahead of the need, so a
 * case costs a thousandth of a flush.
 *
 *   page 0    "DUBANK01" · crc u32 · 0 u32 · what the master key answers 32
 *   page 1    64 days: day modulo 64
 *   then      cases from 1 on
 *   a slot    kind u32 · crc u32 · number u64 · salt 32 · zeros 16; kind 0 is empty, 1 a key,
 *             2 destroyed
 *
 * Slots do not cross sectors. Overwriting ends a key where the medium writes in place; media
 * that keep old blocks need the master key changed, and so do copies.
 *
 * To change the format: raise the digits of the magic, and keep the old reader.
 */
#include "store/folder.h"
#include "store/keyring.h"

/*
 * Open; a new store (`fresh`: its journal has no record) gets one made. The master key is read
 * from `master`, or from master.key in the folder, which is made with the keyring where nothing
 * else was said. STATUS_REFUSED, logged with what to do: the keyring is gone, or not of this
 * master key.
 */
NODISCARD enum status keyring_file_open(struct keyring **keyring, const struct folder *folder,
                                        const char *master, bool fresh);

#endif
