package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.changeprop.schedule.WaitingId;

/** What somebody meant to narrow down is not done to all, nor what they meant to try done in earnest. */
final class MistakenOrdersIT {

    private static final WaitingId ID = new WaitingId(0, "refreshLinks", 1_800_000_000_000L, 1);

    private final FakeInstance instance = new FakeInstance("one");
    private ServedApi api;

    @BeforeEach
    void serve() {
        instance.keeps(0, ID);
        api = ServedApi.of(instance);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dead/drop      | {"filter": {"type": ["refreshLinks", "cdnPurge"]}}
                    dead/drop      | {"filter": {"wiki": null}}
                    dead/drop      | {"filter": {"status": {"least": 500}}}
                    dead/drop      | {"filter": {}, "dry_run": null}
                    dead/drop      | {"filter": {}, "dry_run": ["true"]}
                    dead/drop      | {"filter": {}, "after": ["0"]}
                    dead/drop      | {"ids": ["3-1204"], "filter": ["refreshLinks"]}
                    dead/replay    | {"filter": {"from": null}}
                    scheduled/drop | {"type": "refreshLinks", "dry_run": null}
                    scheduled/drop | {"type": "refreshLinks", "dry_run": [true]}
                    scheduled/run  | {"type": "refreshLinks", "after": {}}
                    """)
    void aValueOfTheWrongKindIsRefusedAndNothingIsDone(String path, String body) {
        HttpResponse<String> answer = api.order("/api/v1/" + path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(api.audited()).isZero();
        assertThat(instance.ordered()).isEmpty();
    }

    /** It is kept in every instance, with each job that it is about. */
    @ParameterizedTest
    @ValueSource(strings = {"dead/drop", "dead/replay", "scheduled/drop", "scheduled/run"})
    void aReasonThatIsLongOrHasLinesIsRefused(String path) {
        String which = path.startsWith("dead") ? "\"filter\": {}" : "\"type\": \"refreshLinks\"";

        for (String reason : List.of("x".repeat(501), "two\\nlines")) {
            HttpResponse<String> answer =
                    api.order("/api/v1/" + path, "{" + which + ", \"reason\": \"" + reason + "\"}");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("reason must be ");
        }
        assertThat(api.audited()).isZero();
        assertThat(instance.ordered()).isEmpty();
    }

    @Test
    void soIsThatOfAnOverrideThatIsCleared() {
        String path = "/api/v1/types/refreshLinks/overrides/paused?reason=";

        assertThat(api.delete(path + "x".repeat(501)).statusCode()).isEqualTo(400);
        assertThat(api.delete(path + "two%0Alines").statusCode()).isEqualTo(400);
        assertThat(api.audited()).isZero();
    }

    @Test
    void soIsAFilterThatNobodyCouldRead() {
        String text = "x".repeat(501);

        assertThat(api.order("/api/v1/dead/drop", "{\"filter\": {\"text\": \"" + text + "\"}}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.look("/api/v1/dead?text=" + text).statusCode()).isEqualTo(400);
        assertThat(api.audited()).isZero();
    }

    /** It is no page: whoever asks for one would take a part for all, or all for a part. */
    @ParameterizedTest
    @ValueSource(strings = {"after=3-1204", "limit=10"})
    void soIsAPageOfASummary(String page) {
        HttpResponse<String> answer = api.look("/api/v1/dead/summary?type=refreshLinks&" + page);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("Unknown: ");
        assertThat(api.look("/api/v1/dead/summary?type=refreshLinks").statusCode())
                .isEqualTo(200);
    }

    /** An order's tells of every partition of the error topic. */
    @Test
    void whereAPageBeginsMayBeSaidAtLength() {
        HttpResponse<String> answer = api.look("/api/v1/dead?after=" + "0:1-2_".repeat(100));

        assertThat(answer.body()).doesNotContain("no longer than");
    }

    @Test
    void whatIsUnderstoodIsDoneAndAudited() {
        HttpResponse<String> answer =
                api.order("/api/v1/scheduled/drop", "{\"type\": \"refreshLinks\", \"after\": null, \"reason\": null}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(api.audited()).isPositive();
        assertThat(instance.ordered()).containsExactly(ID);
    }
}
