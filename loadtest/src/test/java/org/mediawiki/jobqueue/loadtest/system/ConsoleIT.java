package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;

/** Every action of the console, in a real browser, on a fleet of two with real Kafka. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleIT {

    private FleetOfTwo fleet;
    private TestBed bed;
    private Api api;
    private Browser browser;

    @BeforeAll
    void start() {
        Browser.need();
        fleet = new FleetOfTwo(
                "Broken: {concurrency: 6}, Calm: {concurrency: 4}", "Broken", "Dropped", "Patient", "Tried", "Calm");
        bed = fleet.bed();
        api = fleet.first();
        bed.runner().on(type("Broken")).answer(status(400).body("no such parameter"));
        bed.runner().on(type("Dropped")).answer(status(404));
        bed.runner().on(type("Tried")).answer(status(403));
        fleet.enqueue("Calm", 30);
        fleet.enqueue("Broken", 12);
        fleet.enqueue("Dropped", 3);
        fleet.enqueue("Tried", 1);
        fleet.enqueue(JobShape.of("Patient").withDelayUntil(Instant.now().plusSeconds(7_200)), 3);
        await().atMost(TestBed.PATIENCE)
                .until(() -> api.get("/api/v1/dead/summary").getInteger("count") == 16
                        && api.get("/api/v1/scheduled").getJsonArray("jobs").size() == 3);
        browser = Browser.open(api.address());
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void theOverviewTellsInOneGlanceWhatFails() {
        browser.go("/");

        browser.see(".attention h2", "need a look");
        browser.see(".attention li", "Broken");
        browser.see("table.types tbody tr", "Calm");
        browser.see(".tiles", "neither replayed nor dropped");
        browser.type("#filter", "cal");
        browser.seeNo("table.types tbody", "Broken");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anAddressThatIsCutOffIsNoPageAndStopsNothing() {
        try (Browser stranger = Browser.open(api.address())) {
            stranger.go("/job/caf%C3%");

            stranger.see("main h1", "There is no such page");
            stranger.click("main a", "Overview");
            stranger.see("table.types tbody tr", "Calm");
            assertThat(stranger.complaints()).isEmpty();
        }
    }

    @Test
    void whoIsNotSignedInChangesNothing() {
        try (Browser stranger = Browser.open(api.address())) {
            stranger.go("/dead?type=Tried");
            stranger.click("main button", "Replay all");

            stranger.see("dialog h2", "Who are you?");
            stranger.type("dialog input[name=name]", "mallory");
            stranger.type("dialog input[name=token]", "guessed");
            stranger.click("dialog button", "Sign in");
            stranger.see(".notice.bad", "not the right one");
        }
        assertThat(dead("Tried")).isEqualTo(1);
    }

    @Test
    void deadJobsAreReplayedDroppedAndTried() {
        signIn();
        bed.runner().on(type("Broken")).answer(ok());
        browser.go("/type/Broken");
        browser.click("main button", "Replay all");
        browser.see("dialog", "12 jobs");
        browser.type("dialog input[name=reason]", "mended");
        browser.click("dialog button", "Replay 12");
        browser.see(".notice", "12 jobs replayed");
        await().atMost(TestBed.PATIENCE).until(() -> dead("Broken") == 0);
        bed.awaitEnded("Broken", 24);

        browser.go("/dead?type=Dropped");
        browser.see("table.dead tbody tr", "404");
        browser.see("table.dead tbody input[type=checkbox]").click();
        browser.click("main button", "Drop 1 chosen");
        browser.click("dialog button", "Drop 1");
        await().atMost(TestBed.PATIENCE).until(() -> dead("Dropped") == 2);

        browser.go("/dead?type=Tried");
        browser.see("table.dead tbody th button").click();
        browser.see("dialog.panel pre");
        browser.click("dialog button", "Try on a target");
        browser.see("dialog", "The target runs the job, with all its effects");
        browser.click("dialog button", "Run it once");
        browser.see("dialog.panel [role=status]", "403");
        assertThat(dead("Tried")).isEqualTo(1);
        browser.see("dialog.panel .close").click();
        browser.go("/audit");
        browser.see("main table", "dead.replay");
        browser.see("main table", "mended");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void scheduledJobsAreRunAndDropped() {
        signIn();
        browser.go("/scheduled?type=Patient");
        browser.see("main tbody tr", "delayed by MediaWiki");
        browser.click("main td button", "Run now");
        browser.click("dialog button", "Run now 1");
        bed.awaitEnded("Patient", 1);
        await().atMost(TestBed.PATIENCE)
                .until(() -> api.get("/api/v1/scheduled?type=Patient")
                                .getJsonArray("jobs")
                                .size()
                        == 2);

        browser.click("main .bar button", "Drop all");
        browser.click("dialog button", "Drop 2");

        await().atMost(TestBed.PATIENCE)
                .until(() -> api.get("/api/v1/scheduled?type=Patient")
                        .getJsonArray("jobs")
                        .isEmpty());
        assertThat(bed.runner().ledger().tally().stream()
                        .filter(tally -> tally.type().equals("Patient"))
                        .mapToLong(tally -> tally.count())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void knobsAreTurnedAndReset() {
        signIn();
        browser.go("/type/Calm");
        browser.see("button[aria-label='Change limit']").click();
        browser.type("dialog input[name=value]", "2");
        browser.type("dialog input[name=reason]", "slow database");
        browser.click("dialog button", "Set");
        browser.see(".knob.set", "2 at once");
        browser.see(".knob.set", "slow database");
        browser.see(".knob.set .link").click();
        browser.click("dialog button", "Reset");
        browser.see(".knob", "4 at once");

        browser.see("button[aria-label='Change rate']").click();
        browser.type("dialog input[name=value]", "7/s");
        browser.click("dialog button", "Set");
        browser.see(".knob.set", "7/s");

        browser.see("button[aria-label='Pause starts']").click();
        browser.see("dialog", "They are lost if the pause lasts longer than the topic keeps them");
        browser.type("dialog input[name=for]", "1h");
        browser.click("dialog button", "Pause");
        browser.see("main .title", "paused");
        browser.see("button[aria-label='Resume starts']").click();
        browser.click("dialog button", "Reset");
        browser.seeNo("main .title", "paused");

        browser.go("/fleet");
        browser.click("main td button", "Pause");
        browser.click("dialog button", "Pause");
        browser.see("main td", "paused");
        browser.click("main td button", "Resume");
        browser.click("dialog button", "Reset");
        browser.seeNo("main td", "paused");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatTypesShareIsTurnedForAllOfThem() {
        signIn();
        browser.go("/type/Tried");
        browser.see("button[aria-label='Change limit']").click();
        browser.see("dialog h2", "the pool low_traffic_jobs");
        browser.type("dialog input[name=value]", "9");
        browser.type("dialog input[name=reason]", "small database");
        browser.click("dialog button", "Set");
        browser.see(".knob.set", "9 at once");
        browser.go("/type/Dropped");
        browser.see(".knob.set", "small database");
        browser.see(".knob.set .link").click();
        browser.click("dialog button", "Reset");
        browser.see(".knob", "50 at once");

        assertThat(fleet.cli().run("pause", "low_traffic_jobs").exitCode()).isZero();
        browser.see("main .title", "paused");
        browser.see("button[aria-label='Resume starts']").click();
        browser.see("dialog h2", "Resume the pool low_traffic_jobs");
        browser.click("dialog button", "Reset");
        browser.seeNo("main .title", "paused");

        browser.see("main .title", "shares the limits");
        assertThat(api.list("/api/v1/overrides").encode()).doesNotContain("low_traffic_jobs", "Tried", "Dropped");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aTypeThatIsTurnedAloneLeavesThePoolAndItIsSaidBefore() {
        signIn();
        browser.go("/type/Dropped");
        browser.see("button[aria-label='Pause Dropped alone']").click();
        browser.see("dialog", "Dropped leaves the pool low_traffic_jobs and has slots of its own");
        browser.click("dialog button", "Pause");
        browser.see(".knob.set", "paused");
        browser.seeNo("main .title", "shares the limits");
        browser.go("/type/Tried");
        browser.see("main .title", "shares the limits");
        browser.seeNo("main .title", "paused");

        browser.go("/type/Dropped");
        browser.see("button[aria-label='Resume starts']").click();
        browser.click("dialog button", "Reset");

        browser.see("main .title", "shares the limits");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aLaneThatTheFilePausesIsResumedWhereItOrItsTypesAreShown() {
        try (TestBed paused = new TestBed()) {
            paused.createTopics("Halted");
            Api itsApi =
                    Api.of(paused.start(Setup.lanes("main: {target: mw-jobrunner, paused: true, jobs: {Halted: {}}}")
                            .withKeys(Api.ADMIN)));
            try (Browser another = Browser.open(itsApi.address())) {
                signIn(another);
                another.go("/fleet");
                another.see("main td", "paused");
                another.click("main td button", "Resume");
                another.click("dialog button", "Resume");
                another.seeNo("main td", "paused");
                another.see("main th", "Resumed by ada");
                another.click("main td button", "Reset");
                another.click("dialog button", "Reset");
                another.see("main td", "paused");

                JobEvent job = new JobEvents(5, Clock.systemUTC()).next(JobShape.of("Halted"));
                paused.produce(job);
                another.go("/type/Halted");
                another.see(".knob .value", "with lane main");
                another.see("button[aria-label='Resume lane starts']").click();
                another.click("dialog button", "Resume");
                paused.awaitRequests(job, 1);
                another.seeNo("main .title", "paused");
                assertThat(another.complaints()).isEmpty();
            }
        }
    }

    @Test
    void aKeyboardIsEnough() {
        browser.go("/");
        browser.see("table.types tbody tr");

        browser.run("document.activeElement.blur()");
        browser.press("d");
        browser.see("main h1", "Dead jobs");
        browser.press("o");
        browser.see("table.types");
        browser.press("j");
        assertThat(browser.run("return document.activeElement.closest('tbody') !== null"))
                .isEqualTo(true);
        browser.press("\n");
        browser.see("main h2", "What holds");
        browser.press("?");
        browser.see("dialog h2", "Keys");
    }

    @Test
    void nobodyIsShutOut() {
        for (boolean dark : List.of(false, true)) {
            browser.dark(dark);
            for (String page :
                    List.of("/", "/type/Calm", "/dead?state=any", "/scheduled", "/fleet", "/audit", "/job/none")) {
                browser.go(page);
                browser.see("main");
                assertThat(browser.barriers())
                        .as(page + (dark ? " dark" : " light"))
                        .isEmpty();
            }
            browser.go("/dead?state=any");
            browser.see("table.dead tbody th button").click();
            browser.see("dialog pre");
            assertThat(browser.barriers()).as("a dead job").isEmpty();
        }
        browser.dark(false);
    }

    @Test
    void aPhoneShowsEverythingWithoutScrollingSideways() {
        browser.size(390, 844);
        try {
            for (String page : List.of("/", "/type/Calm", "/dead?state=any", "/scheduled", "/fleet", "/audit")) {
                browser.go(page);
                browser.see("main");
                assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                        .as(page)
                        .isEqualTo(true);
            }
            assertThat(browser.barriers()).isEmpty();
        } finally {
            browser.size(1440, 900);
        }
    }

    private void signIn() {
        signIn(browser);
    }

    private static void signIn(Browser browser) {
        browser.go("/");
        if (browser.run("return sessionStorage.getItem('jobqueue.token')").equals("")) {
            browser.click("header button", "Sign in");
            browser.type("dialog input[name=name]", "ada");
            browser.type("dialog input[name=token]", Api.TOKEN);
            browser.click("dialog button", "Sign in");
            browser.see("header .who", "Sign out");
        }
    }

    private int dead(String type) {
        return api.get("/api/v1/dead?type=" + type).getJsonArray("jobs").size();
    }
}
