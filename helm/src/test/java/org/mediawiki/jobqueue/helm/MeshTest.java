package org.mediawiki.jobqueue.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mediawiki.jobqueue.helm.Samples.MESH;
import static org.mediawiki.jobqueue.helm.Samples.MINIMAL;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Envoy beside the service. Its configuration is read by Envoy's own definitions, which know no other fields. */
class MeshTest {

    private static final JsonFormat.Parser ENVOY = JsonFormat.parser()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(HttpConnectionManager.getDescriptor())
                    .add(Router.getDescriptor())
                    .add(UpstreamTlsContext.getDescriptor())
                    .build());

    private final Manifests manifests = Chart.render("main", MINIMAL + MESH);

    @Test
    void startsBeforeTheServiceAndEndsAfterIt() {
        Container envoy = manifests.pods().get(0).getSpec().getInitContainers().get(0);

        assertThat(envoy.getRestartPolicy()).isEqualTo("Always");
        assertThat(envoy.getStartupProbe().getHttpGet().getPath()).isEqualTo("/ready");
        assertThat(envoy.getStartupProbe().getHttpGet().getPort().getStrVal()).isEqualTo("envoy");
        assertThat(envoy.getArgs()).containsSequence("--concurrency", "2").contains("--disable-hot-restart");
    }

    @Test
    void neverTriesAgainAndNeverGivesUpBeforeTheService() throws InvalidProtocolBufferException {
        Route route = connections(listener("mw-jobrunner"))
                .getRouteConfig()
                .getVirtualHosts(0)
                .getRoutes(0);

        assertThat(route.getRoute().hasRetryPolicy()).isFalse();
        assertThat(route.getRoute().getTimeout().getSeconds()).isEqualTo(1_210);
        assertThat(connections(listener("mw-jobrunner")).getStreamIdleTimeout().getSeconds())
                .isZero();
    }

    /** Its own bounds, 1,024, would answer 503 for jobs that the service may send. */
    @Test
    void boundsNothingItself() throws InvalidProtocolBufferException {
        Cluster cluster = cluster("mw-jobrunner");

        assertThat(cluster.getCircuitBreakers().getThresholds(0)).satisfies(bounds -> {
            assertThat(bounds.getMaxConnections().getValue()).isEqualTo(100_000);
            assertThat(bounds.getMaxPendingRequests().getValue()).isEqualTo(100_000);
            assertThat(bounds.getMaxRequests().getValue()).isEqualTo(100_000);
        });
    }

    /** The service's own keep-alive ends at Envoy, which is always there. */
    @Test
    void findsOutWithinTwoMinutesThatATargetHasVanished() throws InvalidProtocolBufferException {
        TcpKeepalive keepalive =
                cluster("mw-jobrunner").getUpstreamConnectionOptions().getTcpKeepalive();

        assertThat(keepalive.getKeepaliveTime().getValue()).isEqualTo(60);
        assertThat(keepalive.getKeepaliveInterval().getValue()).isEqualTo(15);
        assertThat(keepalive.getKeepaliveProbes().getValue()).isEqualTo(4);
    }

    @Test
    void verifiesTheTargetsCertificateByTheTargetsName() throws InvalidProtocolBufferException {
        UpstreamTlsContext tls =
                cluster("mw-jobrunner").getTransportSocket().getTypedConfig().unpack(UpstreamTlsContext.class);

        assertThat(tls.getSni()).isEqualTo("mw-jobrunner.example.org");
        assertThat(tls.getCommonTlsContext()
                        .getValidationContext()
                        .getTrustedCa()
                        .getFilename())
                .isEqualTo("/etc/ssl/certs/ca-certificates.crt");
        assertThat(tls.getCommonTlsContext()
                        .getValidationContext()
                        .getMatchTypedSubjectAltNames(0)
                        .getMatcher()
                        .getExact())
                .isEqualTo("mw-jobrunner.example.org");
    }

    @Test
    void onlyReadinessAndMetricsCanBeAskedFromOutside() throws InvalidProtocolBufferException {
        List<Listener> outside = bootstrap().getStaticResources().getListenersList().stream()
                .filter(listener -> !address(listener).equals("127.0.0.1"))
                .toList();

        assertThat(bootstrap().getAdmin().getAddress().getSocketAddress().getAddress())
                .isEqualTo("127.0.0.1");
        assertThat(outside).singleElement().satisfies(telemetry -> {
            assertThat(telemetry.getAddress().getSocketAddress().getPortValue()).isEqualTo(9902);
            assertThat(connections(telemetry)
                            .getRouteConfig()
                            .getVirtualHosts(0)
                            .getRoutesList())
                    .extracting(route -> route.getMatch().getPath())
                    .containsExactly("/ready", "/stats/prometheus");
        });
    }

    @Test
    void aFieldThatEnvoyDoesNotKnowIsFound() {
        String broken = text().replace("stream_idle_timeout", "stream_idle_timeuot");

        assertThatThrownBy(() -> parse(broken)).hasMessageContaining("stream_idle_timeuot");
    }

    private static String address(Listener listener) {
        return listener.getAddress().getSocketAddress().getAddress();
    }

    private Listener listener(String name) throws InvalidProtocolBufferException {
        return bootstrap().getStaticResources().getListenersList().stream()
                .filter(listener -> listener.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Cluster cluster(String name) throws InvalidProtocolBufferException {
        return bootstrap().getStaticResources().getClustersList().stream()
                .filter(cluster -> cluster.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static HttpConnectionManager connections(Listener listener) throws InvalidProtocolBufferException {
        return listener.getFilterChains(0).getFilters(0).getTypedConfig().unpack(HttpConnectionManager.class);
    }

    private Bootstrap bootstrap() throws InvalidProtocolBufferException {
        return parse(text());
    }

    private static Bootstrap parse(String yaml) throws InvalidProtocolBufferException {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder();
        ENVOY.merge(Samples.yaml(yaml).toString(), bootstrap);
        return bootstrap.build();
    }

    private String text() {
        return manifests.all(ConfigMap.class).stream()
                .filter(map -> map.getMetadata().getName().endsWith("-envoy"))
                .map(map -> map.getData().get("envoy.yaml"))
                .findFirst()
                .orElseThrow();
    }
}
