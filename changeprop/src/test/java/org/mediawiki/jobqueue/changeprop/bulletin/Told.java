package org.mediawiki.jobqueue.changeprop.bulletin;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Remembers what a bulletin tells. */
final class Told implements Bulletin.Listener {

    private final Map<String, String> present = new ConcurrentHashMap<>();
    private final List<String> gone = new CopyOnWriteArrayList<>();

    @Override
    public void told(String key, byte @Nullable [] value, Instant at) {
        if (key.equals("a bug")) {
            throw new IllegalStateException("a bug");
        } else if (value == null) {
            present.remove(key);
            gone.add(key);
        } else {
            present.put(key, new String(value, StandardCharsets.UTF_8));
        }
    }

    /** What holds, by key. */
    Map<String, String> present() {
        return present;
    }

    /** Every key that was told to be gone. */
    List<String> gone() {
        return gone;
    }
}
