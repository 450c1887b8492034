package org.mediawiki.jobqueue.changeprop.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mediawiki.jobqueue.changeprop.cli.jobs.ScriptedApi.Run;

/** What commands make of the API's answers; on a real fleet the system tests look at them. */
final class JobsCommandsIT {

    private final ScriptedApi api = new ScriptedApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void anOrderThatMissesAnInstanceIsNotDone() {
        api.on("POST scheduled/drop", scheduled(5, 0, "b: it answers with 503", "x"), scheduled(4, 0, "", ""));

        Run run = api.run("drop", "--scheduled", "--type", "X", "--yes");

        assertThat(run.out()).contains("Drop: 9 jobs done.", "Missing: b: it answers with 503");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aDryRunTellsOfWhatItMisses() {
        api.on("POST scheduled/run", scheduled(5, 0, "b: connection refused", ""));

        Run run = api.run("run-now", "--type", "X", "--dry-run", "--json");

        assertThat(run.out()).contains("\"troubles\" : [ \"b: connection refused\" ]");
        assertThat(run.err()).contains("Missing: b: connection refused");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void whatCannotBeOrIsNotSafeYetIsNotDone() {
        api.on("POST dead/replay", dead(0, 0, 1, 0), dead(2, 0, 0, 1), dead(2, 7, 0, 0));

        Run unable = api.run("replay", "3-99999", "--yes");
        Run pending = api.run("replay", "3-1", "3-2", "3-3", "--yes");
        Run taken = api.run("replay", "3-1", "3-2", "--yes");

        assertThat(unable.out())
                .contains("0 jobs done, 1 that hold no job that a lane runs, are too large, or have expired.");
        assertThat(unable.exitCode()).isEqualTo(1);
        assertThat(pending.out()).contains("1 not acknowledged by Kafka yet");
        assertThat(pending.exitCode()).isEqualTo(1);
        assertThat(taken.out()).contains("7 taken care of before");
        assertThat(taken.exitCode()).isZero();
    }

    @Test
    void whyItCannotBeIsSaid() {
        api.on("POST scheduled/run", scheduled(0, 1, "", ""));
        api.on("POST dead/drop", dead(0, 0, 1, 0));

        Run waiting = api.run("run-now", "0-1", "--yes");
        Run dropped = api.run("drop", "3-99999", "--yes");

        assertThat(waiting.out()).contains("0 jobs done, 1 that do not wait any more.");
        assertThat(dropped.out()).contains("0 jobs done, 1 that have expired, or never were.");
    }

    @Test
    void aFilterThatWhatWaitsDoesNotHaveIsRefused() {
        List<Run> runs = List.of(
                api.run("drop", "--scheduled", "--type", "X", "--wiki", "brokenwiki", "--yes"),
                api.run("drop", "--scheduled", "--type", "X", "--all", "--yes"),
                api.run("drop", "--scheduled", "0-1", "--since", "2h", "--yes"),
                api.run("drop", "--scheduled", "0-1", "--type", "X", "--yes"));

        assertThat(runs).allSatisfy(run -> {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("ids or --type");
        });
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aTrialIsOfOneJobAndRunsIt() {
        List<Run> runs = List.of(
                api.run("replay", "3-1204", "--on", "mw-debug", "--dry-run"),
                api.run("replay", "3-1204", "--on", "mw-debug", "--type", "X"),
                api.run("replay", "3-1204", "--on", "mw-debug", "--all"),
                api.run("replay", "3-1204", "3-1205", "--on", "mw-debug"));

        assertThat(runs).allSatisfy(run -> {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("--on takes exactly one id");
        });
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aTrialTellsTheAuditWhy() {
        api.on("POST dead/3-1204/try", """
                {"outcome": "answered", "status": 200, "seconds": 0.2, "body": ""}""");

        Run run = api.run("replay", "3-1204", "--on", "mw-debug", "--reason", "T12345");

        assertThat(run.exitCode()).isZero();
        assertThat(api.bodies()).containsExactly("{\"target\":\"mw-debug\",\"reason\":\"T12345\"}");
    }

    @Test
    void aTimeForWhichTheConfigurationIsToHoldIsRefused() {
        api.on("GET overrides", """
                [{"scope": "type", "name": "X", "knob": "paused", "value": true}]""");

        Run resumed = api.run("resume", "X", "--for", "2h");
        Run reset = api.run("limit", "X", "--reset", "--for", "2h");

        assertThat(resumed.exitCode()).isEqualTo(2);
        assertThat(resumed.err()).contains("--for says how long something is overridden");
        assertThat(reset.exitCode()).isEqualTo(2);
        assertThat(api.requests()).containsOnly("GET overrides");
    }

    @Test
    void whatTheConfigurationPausesCanBeResumedForATime() {
        api.on("GET overrides", "[]");
        api.on("PUT types/X/overrides/paused", """
                {"dry_run": false, "override": {"scope": "type", "name": "X", "value": false,
                 "until": "2026-01-31T12:00:00Z"}}""");

        Run run = api.run("resume", "X", "--for", "2h");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("until 2026-01-31T12:00:00Z");
    }

    @Test
    void whatIsStrangeAboutAChangeIsSaidBesideIt() {
        api.on("PUT types/Y/overrides/paused", """
                {"dry_run": false, "override": {"scope": "type", "name": "Y", "value": true, "until": null},
                 "notice": "No job type Y is configured"}""");

        Run run = api.run("pause", "Y");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Set type Y paused to true.\n");
        assertThat(run.err()).isEqualToIgnoringNewLines("No job type Y is configured");
    }

    @Test
    void aRateIsShownAsItIsWritten() {
        api.on("GET types", """
                [{"type": "X", "lane": "main", "limits": {"pool": "X", "concurrency": 3, "rate": 0.02777777777777778}},
                 {"type": "Y", "lane": "main", "limits": {"pool": "Y", "concurrency": 3, "rate": 5.0}}]""");

        Run run = api.run("list", "--all");

        assertThat(run.out()).contains("1.667/m", "5/s").doesNotContain("0.02777");
    }

    @Test
    void aTerminalIsNotToldWhatToDoByAJobOrAnAnswer() {
        api.on("GET dead/3-1204", """
                {"job": {"id": "3-1204", "message": "a\\u001b[2Jb"}, "mark": null, "event": null, "raw": "c\\u009b2Jd",
                 "body": "one\\n\\ttwo\\u0007\\r"}""");
        api.on("GET jobs/x", """
                {"in_memory": [], "scheduled": [], "done": [], "dead": [], "notes": ["a\\u001b[2Jb"]}""");
        api.on("POST dead/3-1204/try", """
                {"outcome": "answered", "status": 200, "seconds": 0.2, "body": "a\\u001b[2Jb"}""");

        Run whole = api.run("dead", "3-1204");

        assertThat(whole.out()).contains("a?[2Jb", "c?2Jd", "one\n\ttwo??");
        assertThat(api.run("story", "x").out()).contains("a?[2Jb");
        assertThat(api.run("replay", "3-1204", "--on", "mw-debug").out()).contains("a?[2Jb");
        assertThat(api.run("dead", "3-1204", "--json").out())
                .as("the answer as it is, which JSON makes harmless")
                .contains("a\\u001B[2Jb");
    }

    /** As a shell has it that reads it from a file. */
    @Test
    void theLineBreakBehindATokenIsNoPartOfIt() {
        api.on("GET types", "[]");

        Run run = api.run("list", "--token", "open sesame\n");

        assertThat(run.exitCode()).isZero();
        assertThat(api.authorizations()).containsOnly("Bearer open sesame");
    }

    @Test
    void aTokenThatNoHeaderTakesIsRefusedAndNotShown() {
        Run run = api.run("list", "--token", "hush\u0001hush");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("The token must be printable ASCII");
        assertThat(run.out() + run.err()).doesNotContain("hush");
        assertThat(api.requests()).isEmpty();
    }

    private static String scheduled(int done, int unable, String trouble, String next) {
        return """
                {"dry_run": false, "matched": %d, "done": %d, "unable": %d, "troubles": [%s], "next": %s}""".formatted(done + unable, done, unable, quoted(trouble), next.isEmpty() ? "null" : quoted(next));
    }

    private static String dead(int done, int taken, int unable, int pending) {
        return """
                {"dry_run": false, "scanned": 9, "matched": 9, "done": %d, "taken": %d, "unable": %d, "pending": %d,
                 "ids": [], "next": null}""".formatted(done, taken, unable, pending);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : '"' + text + '"';
    }
}
