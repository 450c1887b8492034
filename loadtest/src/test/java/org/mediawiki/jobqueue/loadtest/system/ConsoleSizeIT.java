package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The console stays light with 500 job types. With {@code -Djobqueue.pictures=docs/images} it is photographed as well. */
@Alone
final class ConsoleSizeIT {

    @BeforeAll
    static void lookForABrowser() {
        Browser.need();
    }

    @Test
    void staysLightWith500Types() {
        try (Showcase showcase = new Showcase(500);
                Browser browser = Browser.open(showcase.address())) {
            browser.go("/");
            browser.see("table.types tbody tr");

            assertThat(number(browser, "return document.querySelectorAll('table.types tbody tr').length"))
                    .isEqualTo(100);
            assertThat(number(browser, "return document.querySelectorAll('*').length"))
                    .isLessThan(10_000);
            // What a page costs to draw: a filter that matches all, then none, ten times.
            double perDraw = number(browser, """
                    const input = document.getElementById('filter');
                    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
                    return (async () => {
                      const began = performance.now();
                      for (let i = 0; i < 10; i++) {
                        input.value = i % 2 ? '' : 'cirrus';
                        input.dispatchEvent(new Event('input'));
                        await frame();
                      }
                      return (performance.now() - began) / 10;
                    })();
                    """);
            System.out.printf("500 types: %.0f ms per draw%n", perDraw);
            assertThat(perDraw).isLessThan(500);
            assertThat(browser.barriers()).isEmpty();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void hasItsPictureTaken() {
        Optional<Path> folder =
                Optional.ofNullable(System.getProperty("jobqueue.pictures")).map(Path::of);
        try (Showcase showcase = new Showcase(30);
                Browser browser = Browser.open(showcase.address())) {
            shoot(browser, folder, "console-light", "/", 1360, 860, false);
            shoot(browser, folder, "console-dark", "/", 1360, 860, true);
            shoot(browser, folder, "console-type", "/type/htmlCacheUpdate", 1360, 1050, true);
            shoot(browser, folder, "console-dead", "/dead", 1360, 700, false);
            shoot(browser, folder, "console-phone", "/", 390, 844, true);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void shoot(
            Browser browser, Optional<Path> folder, String name, String page, int width, int height, boolean dark) {
        browser.size(width, height);
        browser.dark(dark);
        browser.go(page);
        browser.see("main :is(table, .tile)");
        assertThat(browser.barriers()).as(name).isEmpty();
        folder.ifPresent(to -> browser.shoot(to.resolve(name + ".png")));
    }

    private static double number(Browser browser, String script) {
        return ((Number) browser.run(script)).doubleValue();
    }
}
