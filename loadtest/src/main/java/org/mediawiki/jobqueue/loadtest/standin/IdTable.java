package org.mediawiki.jobqueue.loadtest.standin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Gives every different job id a number, from 0 on, in 16 bytes each where it is a UUID: benchmarks see millions. Any
 * other text is kept beside. An open-addressed hash table over two arrays; not safe for use by several threads.
 */
public final class IdTable {

    private static final int EMPTY = -1;

    private long[] high = new long[512];
    private long[] low = new long[512];
    private int[] slots = emptySlots(1024);
    private int size;

    /** The texts that are no canonical UUID, by number. */
    private final Map<Integer, String> odd = new HashMap<>();

    /** The id's number; a new one if it was never seen. */
    public int numberOf(String id) {
        UUID key = key(id);
        int slot = slotOf(key);
        if (slots[slot] == EMPTY) {
            return add(id, key, slot);
        }
        return slots[slot];
    }

    /** The id's number, if it was ever seen. */
    public OptionalInt find(String id) {
        int found = slots[slotOf(key(id))];
        return found == EMPTY ? OptionalInt.empty() : OptionalInt.of(found);
    }

    /** The id with this number. */
    public String textOf(int number) {
        String text = odd.get(number);
        return text != null ? text : new UUID(high[number], low[number]).toString();
    }

    /** How many different ids there are. */
    public int size() {
        return size;
    }

    private int add(String id, UUID key, int slot) {
        if (size == high.length) {
            high = Arrays.copyOf(high, size * 2);
            low = Arrays.copyOf(low, size * 2);
        }
        int number = size++;
        high[number] = key.getMostSignificantBits();
        low[number] = key.getLeastSignificantBits();
        slots[slot] = number;
        if (!key.toString().equals(id)) {
            odd.put(number, id);
        }
        if (size * 2 > slots.length) {
            rehash();
        }
        return number;
    }

    private void rehash() {
        slots = emptySlots(slots.length * 2);
        for (int number = 0; number < size; number++) {
            slots[slotOf(new UUID(high[number], low[number]))] = number;
        }
    }

    /** Where the id stands, or the empty slot where it belongs; the table is never more than half full. */
    private int slotOf(UUID key) {
        int mask = slots.length - 1;
        long bits = key.getMostSignificantBits() ^ key.getLeastSignificantBits();
        int slot = (int) ((bits * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (slots[slot] != EMPTY && !isAt(slots[slot], key)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isAt(int number, UUID key) {
        return high[number] == key.getMostSignificantBits() && low[number] == key.getLeastSignificantBits();
    }

    /** A UUID is its own key; other texts get one by their hash (128 bits: they do not meet). */
    private static UUID key(String id) {
        try {
            UUID uuid = UUID.fromString(id);
            if (uuid.toString().equals(id)) {
                return uuid;
            }
        } catch (IllegalArgumentException notAUuid) {
            // Any text is an id.
        }
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    }

    private static int[] emptySlots(int count) {
        int[] slots = new int[count];
        Arrays.fill(slots, EMPTY);
        return slots;
    }
}
