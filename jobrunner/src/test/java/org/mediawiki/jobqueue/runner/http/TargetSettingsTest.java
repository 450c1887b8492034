package org.mediawiki.jobqueue.runner.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Connections;
import org.mediawiki.jobqueue.runner.http.TargetSettings.HostHeader;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Http2;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Protocol;
import org.mediawiki.jobqueue.runner.http.TargetSettings.Requests;
import org.mediawiki.jobqueue.runner.http.TargetSettings.TlsFiles;

class TargetSettingsTest {

    private static final URI URI_OF_RUNNER = URI.create("https://mw-jobrunner.example:4448/rpc/RunSingleJob.php");

    @Test
    void hasTheDefaultsOfTheSpecification() {
        assertThat(TargetSettings.of("mw-jobrunner", URI_OF_RUNNER, 240))
                .isEqualTo(new TargetSettings(
                        "mw-jobrunner",
                        URI_OF_RUNNER,
                        new Requests(Protocol.RPC, HostHeader.DOMAIN, "ChangePropagation-JobQueue/WMF", 65_536),
                        new Connections(240, Duration.ofSeconds(5), Duration.ofMinutes(5), Http2.AUTO),
                        new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://h/",
                "mw-jobrunner:4448",
                "/rpc/RunSingleJob.php",
                "https:///rpc",
                "https://u:p@h/",
                "https://h/#f",
                "https://h:0/",
                "https://h:65536/",
            })
    void takesOnlyUrisThatCanBePostedTo(String uri) {
        assertThatThrownBy(() -> TargetSettings.of("t", URI.create(uri), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("uri must ");
    }

    @Test
    void neverRepeatsAPasswordInItsComplaint() {
        assertThatThrownBy(() -> TargetSettings.of("t", URI.create("https://user:secret@h/"), 1))
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10_001})
    void boundsTheNumberOfConnections(int max) {
        assertThatThrownBy(() -> Connections.atMost(max)).hasMessageStartingWith("maxConnections must ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.0001S", "PT9000H"})
    void boundsTheDurations(Duration duration) {
        Connections connections = Connections.atMost(1);
        assertThatThrownBy(() -> connections.withConnectTimeout(duration))
                .hasMessageStartingWith("connectTimeout must ");
        assertThatThrownBy(() -> connections.withMaxAge(duration)).hasMessageStartingWith("maxConnectionAge must ");
    }

    @Test
    void takesACertificateOnlyWithItsKey() {
        Optional<Path> file = Optional.of(Path.of("cert.pem"));
        assertThatThrownBy(() -> new TlsFiles(Optional.empty(), file, Optional.empty()))
                .hasMessageStartingWith("tls needs certificate and key together");
    }

    @Test
    void takesNoUserAgentThatWouldBreakTheRequest() {
        assertThatThrownBy(() -> new Requests(Protocol.RPC, HostHeader.DOMAIN, "a\r\nb", 1))
                .hasMessageStartingWith("userAgent must ");
        assertThatThrownBy(() -> new Requests(Protocol.RPC, HostHeader.DOMAIN, "a", 0))
                .hasMessageStartingWith("maxAnswerBytes must ");
    }
}
