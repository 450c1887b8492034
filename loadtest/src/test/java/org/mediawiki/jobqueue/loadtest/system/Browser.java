package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.mediawiki.jobqueue.loadtest.observe.Needed;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium that looks at the console. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private final ChromeDriver driver;
    private final String address;

    private Browser(ChromeDriver driver, String address) {
        this.driver = driver;
        this.address = address;
    }

    /** Skips the test where there is none on this machine. */
    static void need() {
        Needed.of(
                "chromium-driver",
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "the console was not looked at: there is no " + CHROMIUM + " with " + DRIVER);
    }

    static Browser open(String address) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en");
        options.addArguments("--force-color-profile=srgb", "--hide-scrollbars");
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options), address);
        browser.size(1440, 900);
        return browser;
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.manage().window().setSize(new Dimension(Math.max(width, 500), height));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** {@code hash} is what stands behind the number sign. */
    void go(String hash) {
        driver.get(address + "/#" + hash);
        see("main :is(h1, h2, p)");
    }

    /** Waits for an element that is shown. */
    WebElement see(String css) {
        return await(
                css,
                driver -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst());
    }

    /** Waits for a text in an element. */
    void see(String css, String text) {
        await(
                css + " with " + text,
                driver -> driver.findElements(By.cssSelector(css)).stream()
                        .filter(element -> element.getText().contains(text))
                        .findFirst());
    }

    /** Waits until no element has this text. */
    void seeNo(String css, String text) {
        await(
                "no " + css + " with " + text,
                driver -> driver.findElements(By.cssSelector(css)).stream()
                                .anyMatch(element -> element.getText().contains(text))
                        ? Optional.empty()
                        : Optional.of(true));
    }

    /** Waits for a button or link with this text, and uses it. */
    void click(String css, String text) {
        await("click " + text, driver -> {
            Optional<WebElement> found = driver.findElements(By.cssSelector(css)).stream()
                    .filter(element ->
                            element.isDisplayed() && element.getText().contains(text))
                    .findFirst();
            found.ifPresent(WebElement::click);
            return found;
        });
    }

    void type(String css, String text) {
        WebElement input = see(css);
        input.clear();
        input.sendKeys(text);
    }

    void press(String keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    String title() {
        return String.valueOf(driver.getTitle());
    }

    String url() {
        return String.valueOf(driver.getCurrentUrl());
    }

    Object run(String script) {
        return Objects.requireNonNullElse(driver.executeScript(script), "");
    }

    /** What the page complained of; a violation of its policy is such a complaint. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        driver.manage().logs().get(LogType.BROWSER).forEach(entry -> {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                complaints.add(entry.getMessage());
            }
        });
        return complaints;
    }

    /** The serious findings of axe on what is shown now. */
    List<String> barriers() {
        driver.executeScript(axe());
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                  (r) => done(r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
                    .map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))),
                  (e) => done(['axe failed: ' + e]));
                """);
        List<String> barriers = new ArrayList<>();
        ((List<?>) Objects.requireNonNullElse(found, List.of())).forEach(item -> barriers.add(String.valueOf(item)));
        return barriers;
    }

    void shoot(Path file) {
        try {
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }

    private interface Look<T> {
        Optional<T> at(ChromeDriver driver);
    }

    private <T> T await(String what, Look<T> look) {
        List<T> found = new ArrayList<>();
        Awaitility.await(what)
                .atMost(TestBed.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsMatching(e -> e instanceof StaleElementReferenceException
                        || e instanceof NoSuchElementException
                        || e instanceof ElementNotInteractableException)
                .until(() -> {
                    Stream<T> seen = look.at(driver).stream();
                    seen.forEach(found::add);
                    return !found.isEmpty();
                });
        return found.get(0);
    }

    private static String axe() {
        String name = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream script = Browser.class.getResourceAsStream(name)) {
            assertThat(script).as(name).isNotNull();
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
