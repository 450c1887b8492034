package org.mediawiki.jobqueue.loadtest.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of ids, beside a map. */
final class IdTableModelTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void numbersIdsAsAMapWould(long seed) {
        Random random = new Random(seed);
        IdTable table = new IdTable();
        Map<String, Integer> model = new HashMap<>();

        for (int i = 0; i < 20_000; i++) {
            String id = anId(random);
            int expected = model.computeIfAbsent(id, unseen -> model.size());

            assertThat(table.numberOf(id)).isEqualTo(expected);
        }

        assertThat(table.size()).isEqualTo(model.size());
        model.forEach((id, number) -> {
            assertThat(table.find(id)).hasValue(number);
            assertThat(table.textOf(number)).isEqualTo(id);
        });
        assertThat(table.find("never seen")).isEmpty();
    }

    private static String anId(Random random) {
        UUID uuid = new UUID(random.nextInt(100), random.nextInt(100));
        return switch (random.nextInt(4)) {
            case 0 -> uuid.toString();
            case 1 -> uuid.toString().replace('0', 'A');
            case 2 -> "job-" + random.nextInt(50);
            default -> new UUID(random.nextLong(), random.nextLong()).toString();
        };
    }
}
