package org.mediawiki.jobqueue.changeprop.dedupe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.mediawiki.jobqueue.runner.FakeTime;

/** Random operations beside a map that keeps its order; it never has to make room, which is {@link RecentDatesTest}'s. */
final class RecentDatesModelTest {

    private static final Duration TTL = Duration.ofSeconds(100);
    private static final int ROWS = 1 << 12;
    private static final int STEPS = 20_000;

    private final FakeTime time = new FakeTime();
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private record Key(Scope scope, String text) {}

    private record Entry(Instant date, long putNanos) {}

    @RepeatedTest(10)
    void knowsWhatAMapKnows() {
        RecentDates dates = new RecentDates(TTL, ROWS, time);
        Map<Key, Entry> model = new LinkedHashMap<>();
        int texts = 1 << (2 + random.nextInt(12));
        for (int step = 0; step < STEPS; step++) {
            Key key = key(texts);
            if (random.nextInt(3) > 0) {
                Instant date = FakeTime.START.plusMillis(random.nextInt(1_000));
                dates.moveForward(key.scope(), key.text(), date);
                moveForward(model, key, date);
            }
            if (random.nextInt(20) == 0) {
                time.advance(Duration.ofMillis(random.nextInt(2_000)));
            }
            Key asked = key(texts);
            assertThat(dates.get(asked.scope(), asked.text()))
                    .as("step %s, seed %s", step, seed)
                    .isEqualTo(get(model, asked));
        }
        List<Key> found = new ArrayList<>();
        Key searched = key(texts);
        dates.forEach(searched.text(), (scope, date) -> found.add(new Key(scope, searched.text())));
        assertThat(found).as("seed %s", seed).isEqualTo(ofText(model, searched.text()));
    }

    private void moveForward(Map<Key, Entry> model, Key key, Instant date) {
        Optional<Entry> present = Optional.ofNullable(model.get(key)).filter(this::isLive);
        if (present.filter(entry -> entry.date().isAfter(date) || isThere(entry, date))
                .isEmpty()) {
            model.remove(key);
            model.put(key, new Entry(date, time.nanos()));
        }
    }

    private boolean isThere(Entry entry, Instant date) {
        return entry.date().equals(date) && time.nanos() - entry.putNanos() < TTL.toNanos() / RecentDates.YOUNG_PART;
    }

    private Optional<Instant> get(Map<Key, Entry> model, Key key) {
        return Optional.ofNullable(model.get(key)).filter(this::isLive).map(Entry::date);
    }

    private List<Key> ofText(Map<Key, Entry> model, String text) {
        return model.entrySet().stream()
                .filter(entry -> entry.getKey().text().equals(text) && isLive(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isLive(Entry entry) {
        return time.nanos() - entry.putNanos() < TTL.toNanos();
    }

    /** So few that a hundred seconds of them fit into the rows. */
    private Key key(int texts) {
        return new Key(new Scope("rule" + random.nextInt(2), "d" + random.nextInt(2)), "t" + random.nextInt(texts / 4));
    }
}
