package org.mediawiki.jobqueue.changeprop.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void whatIsUnderstoodIsDoneAndAudited() {
        HttpResponse<String> answer =
                api.order("/api/v1/scheduled/drop", "{\"type\": \"refreshLinks\", \"after\": null, \"reason\": null}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(api.audited()).isPositive();
        assertThat(instance.ordered()).containsExactly(ID);
    }
}
