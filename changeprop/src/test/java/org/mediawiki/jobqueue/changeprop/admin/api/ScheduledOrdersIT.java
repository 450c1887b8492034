package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;

/** An order by ids is about jobs that wait, wherever in the fleet they are kept. */
final class ScheduledOrdersIT {

    private static final int NOBODY_LISTENS = 1;

    private final WaitingId here = id(0, 1);
    private final WaitingId there = id(1, 2);
    private final WaitingId gone = id(1, 3);
    private final WaitingId lost = id(2, 4);
    private final FakeInstance asked = new FakeInstance("asked");
    private final FakeInstance other = new FakeInstance("other");
    private ServedApi api;
    private ServedApi otherApi;

    @BeforeEach
    void serve() {
        asked.keeps(0, here);
        other.keeps(1, there);
        api = ServedApi.of(asked);
        otherApi = ServedApi.of(other);
        asked.knows("other", otherApi.port());
    }

    @AfterEach
    void close() {
        api.close();
        otherApi.close();
    }

    /** As where both announce 127.0.0.1, on hosts of their own. */
    @Test
    void whoAnswersInThePlaceOfAnotherIsNotTakenForIt() {
        asked.knows("elsewhere", api.port());

        JsonObject result = order("run", false, here, lost);

        assertThat(result.getJsonArray("troubles").encode())
                .contains("elsewhere: another instance answers at the address that it announces, 127.0.0.1:")
                .contains("admin.host");
    }

    @Test
    void onlyWhatWaitsIsOrderedWhereverItIsKept() {
        JsonObject result = order("run", false, here, there, gone, here);

        assertThat(result.getInteger("matched")).isEqualTo(3);
        assertThat(result.getInteger("done")).isEqualTo(2);
        assertThat(result.getInteger("unable")).isEqualTo(1);
        assertThat(result.getJsonArray("troubles")).isEmpty();
        assertThat(asked.ordered()).containsExactlyInAnyOrder(here, there);
    }

    /** As after an import that delays everything until the same second. */
    @Test
    void anOrderByTypeLeavesNothingOutOfWhatIsDueAtOnceOnSeveralInstances() {
        Set<WaitingId> all = new HashSet<>();
        for (int seq = 1; seq <= 2_400; seq++) {
            WaitingId kept = new WaitingId(seq % 2, "sameSecond", 1_800_000_000_000L, seq / 2);
            (seq % 2 == 0 ? asked : other).keeps(kept.partition(), kept);
            all.add(kept);
        }

        String after = "";
        while (after != null) {
            JsonObject body = new JsonObject().put("type", "sameSecond").put("after", after);
            after = api.post("/api/v1/scheduled/drop", body).getString("next");
        }

        assertThat(asked.ordered()).isEqualTo(all);
    }

    @Test
    void aDryRunLooksAndOrdersNothing() {
        JsonObject result = order("drop", true, there, gone);

        assertThat(result.getInteger("done")).isEqualTo(1);
        assertThat(result.getInteger("unable")).isEqualTo(1);
        assertThat(asked.ordered()).isEmpty();
    }

    @Test
    void whatOnlyASilentInstanceKeepsIsNamedAndNotOrdered() {
        asked.knows("silent", NOBODY_LISTENS);

        JsonObject result = order("run", false, here, lost);

        assertThat(result.getInteger("done")).isEqualTo(1);
        assertThat(result.getInteger("unable")).isZero();
        assertThat(result.getJsonArray("troubles").encode()).contains("silent: ", "1 of the ids");
        assertThat(asked.ordered()).containsExactly(here);
    }

    @Test
    void whoIsSilentIsNotMissedWhereAllIsKnown() {
        asked.knows("silent", NOBODY_LISTENS);

        JsonObject result = order("run", false, here, there, gone);

        assertThat(result.getInteger("done")).isEqualTo(2);
        assertThat(result.getJsonArray("troubles")).isEmpty();
    }

    @Test
    void anInstanceAnswersForItselfWhereItIsToldTo() {
        JsonObject found = api.post("/api/v1/scheduled/find?only=self", body(here, there));

        assertThat(found.getJsonArray("waiting")).containsExactly(here.text());
        assertThat(found.getJsonArray("absent")).isEmpty();
        assertThat(found.getJsonArray("troubles")).isEmpty();
    }

    private JsonObject order(String command, boolean dryRun, WaitingId... ids) {
        return api.post("/api/v1/scheduled/" + command, body(ids).put("dry_run", dryRun));
    }

    private static JsonObject body(WaitingId... ids) {
        return new JsonObject()
                .put(
                        "ids",
                        new JsonArray(List.of(ids).stream().map(WaitingId::text).toList()));
    }

    private static WaitingId id(int partition, long seq) {
        return new WaitingId(partition, "refreshLinks", 1_800_000_000_000L, seq);
    }
}
