package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the console says of a fleet that is made up, where a real one would take long to come to that. */
final class ConsoleWordsIT {

    private Showcase showcase;
    private Browser browser;

    @BeforeAll
    static void lookForABrowser() {
        Browser.need();
    }

    @BeforeEach
    void open() {
        showcase = new Showcase(30);
        browser = Browser.open(showcase.address());
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
        showcase.close();
    }

    /** A wiki that is not set up refuses jobs, and is held as one that is read-only is. */
    @Test
    void aHeldWikiIsNotCalledReadOnlyAlone() {
        browser.go("/");
        browser.see(".attention li", "Jobs of 2 wikis wait: read-only, or refused by the endpoint");

        browser.go("/fleet");
        browser.see("main th", "Wikis held");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Then it is not said that nothing can be changed, and asked again. */
    @Test
    void whatTheServiceHasNotSaidYetIsAskedAgain() {
        showcase.hideSession(true);
        browser.go("/");
        browser.click("header .who", "Sign in ...");
        browser.see("dialog", "The service has not said yet whether changes are possible");
        browser.see("dialog .close").click();

        showcase.hideSession(false);

        browser.see("header .who", "Sign out");
    }

    @Test
    void aPauseIsToldWithItsEndAndWhoWantsIt() {
        browser.go("/");

        browser.see(".attention li", " — paused by ada: T377120: replication lag on s8");
        browser.see(".attention li", "Nothing starts until ");
        browser.seeNo(".attention li", "somebody resumes it");
        browser.see(".attention li", "cirrusSearchLinksUpdate");
        browser.seeNo(".attention li", "its index is there again");
        browser.go("/type/wikibase-addUsagesForPage");
        browser.see("main .why.held", " — paused by ada: T377120: replication lag on s8");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatNeedsNoLookIsSaidWithItsBounds() {
        try (Showcase calm = Showcase.calm();
                Browser another = Browser.open(calm.address())) {
            another.go("/");

            another.see(".attention.well", "Nothing needs a look. No type fails often (20 % or more)");
            another.see(".attention.well", "no job waits for 5 min or longer");
            assertThat(another.complaints()).isEmpty();
        }
    }

    @Test
    void anOrderThatGoesBeyondWhatWasCountedSaysSo() {
        browser.go("/dead");
        browser.click("main .bar button", "Drop all that match");

        browser.see("dialog", "At least 5,000 jobs will be dropped");
        browser.see("dialog", "ALL that match will be dropped");
        browser.see("dialog button.danger", "Drop all");
        assertThat(browser.complaints()).isEmpty();
    }
}
