package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.status.BreakerStatus;
import org.mediawiki.jobqueue.changeprop.status.InstanceStatus;
import org.mediawiki.jobqueue.changeprop.status.Status;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Limits;
import org.mediawiki.jobqueue.changeprop.status.TypeStatus.Use;
import org.mediawiki.jobqueue.changeprop.status.Window;

/** At 3 a.m. somebody pauses what is not there, and is told so. */
final class KnobCheckIT {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PAUSED = "/overrides/paused";
    private static final String TRIED = "{\"value\": true, \"dry_run\": true}";

    private final FakeInstance instance = new FakeInstance("one");
    private ServedApi api;

    @BeforeEach
    void serve() {
        api = ServedApi.of(instance);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    lanes/mian            | No lane mian; there are main, video
                    types/ThumbnailRender | No lane runs ThumbnailRender
                    """)
    void whatIsNotThereIsNotTurned(String what, String why) {
        HttpResponse<String> answer = api.put("/api/v1/" + what + PAUSED, "{\"value\": true}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(answer.body()).contains(why);
        assertThat(api.audited()).isZero();
    }

    @Test
    void aTypeThatNobodyKnowsIsTakenAndSaidToBeStrange() {
        instance.is(statusOf("cdnPurge"));

        assertThat(notice("types/cdnPrug")).contains("No job type cdnPrug is configured, and none was seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"refreshLinks", "webVideoTranscode", "low_traffic_jobs", "cdnPurge"})
    void aTypeThatIsConfiguredOrWasSeenIsNotStrange(String type) {
        instance.is(statusOf("cdnPurge"));

        assertThat(notice("types/" + type)).isNull();
    }

    @Test
    void norIsALane() {
        assertThat(notice("lanes/video")).isNull();
    }

    /** Nobody is kept from a pause by an instance that cannot say what it does. */
    @Test
    void nothingIsStrangeWhereNobodyKnowsWhatWasSeen() {
        assertThat(notice("types/cdnPrug")).isNull();
    }

    private String notice(String what) {
        HttpResponse<String> answer = api.put("/api/v1/" + what + PAUSED, TRIED);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("notice");
    }

    private static Status statusOf(String type) {
        BreakerStatus closed = new BreakerStatus("closed", "", NOW, List.of());
        InstanceStatus self = new InstanceStatus("one", "1", NOW, null, List.of("main"), 0, List.of(), List.of());
        TypeStatus seen = new TypeStatus(
                "main",
                type,
                new Limits("low_traffic_jobs", 5, null, null, null, 0, false, 60, 2),
                new Use(0, 0, 0, 0, 0, 0, 0, false),
                closed,
                Window.NOTHING,
                Window.NOTHING,
                Map.of());
        return new Status(NOW, "s", "dc", "one", List.of(self), List.of(), List.of(seen));
    }
}
