package org.mediawiki.jobqueue.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.loadtest.generate.EventBusClient;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.generate.RealJobs;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/** From a post of MediaWiki's EventBus extension to the job runner: SPEC section 3, intake. */
final class PostsIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final Duration OUTAGE = Duration.ofSeconds(SOAK ? 20 : 6);
    private static final int IDLE_CONNECTIONS = SOAK ? 10_000 : 500;
    private static final int FUZZED = SOAK ? 20_000 : 1_000;

    /** The extension's default; the class's is 10 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Setup WITH_INTAKE = Setup.plain().withKeys("""
            dedupe: {store: off}
            intake: {enabled: true, port: 0}
            """);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(5, Clock.systemUTC());

    @Test
    void everyRealEventArrivesByteForByteAndIsRunOnce() throws IOException {
        List<JobEvent> jobs = realJobs();
        try (TestBed bed = new TestBed()) {
            EventBusClient client = client(bed.start(WITH_INTAKE));

            for (List<JobEvent> stream : byType(jobs).values()) {
                assertThat(client.post(bytes(stream)).statusCode()).isEqualTo(201);
            }

            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            byType(jobs)
                    .forEach((type, expected) -> assertThat(bed.tail(bed.topic(type)).all().stream()
                                    .map(record -> Buffer.buffer(record.value())))
                            .as(type)
                            .containsExactlyElementsOf(bytes(expected)));
            assertThat(bed.runner().ledger().ranMoreThanOnce()).isEmpty();
            assertThat(bed.runner().ledger().notDone(ids(jobs))).isEmpty();
        }
    }

    @Test
    void anEventOfFiveMegabytesIsAskedForAndRun() throws IOException {
        JobEvent large = events.next(JobShape.of("refreshLinks").withParamsBytes(5_000_000));
        try (TestBed bed = new TestBed()) {
            EventBusClient client = client(bed.start(WITH_INTAKE));

            assertThat(client.post(List.of(large.bytes())).statusCode()).isEqualTo(201);

            bed.awaitRequests(large, 1);
            assertThat(bed.runner().ledger().requests(large.id()))
                    .singleElement()
                    .satisfies(request -> assertThat(request.wire().body()).isEqualTo(large.bytes()));
        }
    }

    @Test
    void aBatchWithOneBadEventIsRunWithoutItAndTheSameBatchAgainIsNot() throws IOException {
        List<JobEvent> good = events.next(4, JobShape.of("refreshLinks"));
        List<Buffer> batch = new ArrayList<>(bytes(good));
        Buffer bad = Buffer.buffer("{\"meta\":{\"stream\":\"mediawiki.job.refreshLinks\"},\"type\":7}");
        batch.add(2, bad);
        try (TestBed bed = new TestBed()) {
            EventBusClient client = client(bed.start(Setup.plain().withKeys("intake: {enabled: true, port: 0}")));

            HttpResponse<String> first = client.post(batch);
            bed.runner().ledger().awaitEnded(good.size(), TestBed.PATIENCE);
            HttpResponse<String> second = client.post(batch);
            bed.awaitCommitted(bed.group(), List.of(bed.topic("refreshLinks")));

            assertThat(first.statusCode()).isEqualTo(207);
            JsonObject body = new JsonObject(first.body());
            assertThat(body.getJsonArray("error")).isEmpty();
            JsonObject failed = body.getJsonArray("invalid").getJsonObject(0);
            assertThat(failed.getString("status")).isEqualTo("invalid");
            assertThat(failed.getJsonObject("event")).isEqualTo(bad.toJsonObject());
            assertThat(failed.getJsonObject("context").getString("message")).contains("database", "$schema", "/type");
            assertThat(second.statusCode()).isEqualTo(207);
            assertThat(bed.ends(List.of(bed.topic("refreshLinks"))).values())
                    .as("both are in Kafka")
                    .containsExactly(8L);
            assertThat(bed.runner().ledger().count()).as("one was run").isEqualTo(4);
        }
    }

    /** The extension signs its events before the intake dates them; its own endpoint checks the signature. */
    @Test
    void theExtensionsEndpointGetsWhatMediaWikiSignedAlsoWhenTheJobIsTriedAgain() throws IOException {
        String dated = events.next(JobShape.of("refreshLinks")).bytes().toString();
        Buffer signed = Buffer.buffer(dated.replaceFirst("\"dt\":\"[^\"]*\",", ""));
        try (TestBed bed = new TestBed()) {
            bed.runner().on(type("refreshLinks")).answerTimes(1, status(500)).then(ok());
            Service service = bed.start(Setup.plain()
                    .aimedAt(bed.runner().restUri(), bed.runner().caFile())
                    .withTarget("timeout: 30s, protocol: rest")
                    .withKeys("""
                            retry: {limit: 2, delay: 1s, factor: 1}
                            intake: {enabled: true, port: 0}
                            """));

            assertThat(client(service).post(List.of(signed)).statusCode()).isEqualTo(201);

            bed.runner().ledger().awaitEnded(2, TestBed.PATIENCE);
            assertThat(bed.tail(bed.topic("refreshLinks")).all())
                    .singleElement()
                    .satisfies(record -> assertThat(
                                    TopicTail.json(record).getJsonObject("meta").getString("dt"))
                            .isNotBlank());
            assertThat(bed.runner().ledger().requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.wire().body()).isEqualTo(signed));
        }
    }

    @Test
    void noEventIsCalledSafeThatIsNotThereWhenTheBrokerComesBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder.resolve("kafka")));
                TestBed bed = new TestBed(StandInOptions.defaults(), kafka.bootstrapServers())) {
            bed.createTopics("refreshLinks");
            EventBusClient client = client(bed.start(Setup.plain().withKeys("""
                    dedupe: {store: off}
                    intake: {enabled: true, port: 0, patience: 2s}
                    """)));
            Set<String> safe = ConcurrentHashMap.newKeySet();
            Map<Integer, Integer> answers = new ConcurrentHashMap<>();
            AtomicBoolean over = new AtomicBoolean();
            Thread poster = new Thread(() -> {
                while (!over.get()) {
                    List<JobEvent> batch = events.next(3, JobShape.of("refreshLinks"));
                    int status = statusOf(client, batch);
                    answers.merge(status, 1, Integer::sum);
                    if (status == 201) {
                        safe.addAll(ids(batch));
                    }
                }
            });
            poster.start();
            await().atMost(TestBed.PATIENCE).until(() -> safe.size() > 30);

            kafka.stopBroker(1);
            await().pollDelay(OUTAGE).atMost(OUTAGE.multipliedBy(3)).until(() -> true);
            kafka.startBroker(1);

            int before = safe.size();
            await().atMost(TestBed.PATIENCE.plusSeconds(30)).until(() -> safe.size() > before + 30);
            over.set(true);
            poster.join();
            Set<String> there = bed.tail(bed.topic("refreshLinks")).all().stream()
                    .map(record -> TopicTail.json(record).getJsonObject("meta").getString("id"))
                    .collect(Collectors.toSet());
            assertThat(there).containsAll(safe);
            assertThat(answers.keySet())
                    .as("answers in the outage: %s", answers)
                    .isSubsetOf(201, 207, 500, 503);
            assertThat(answers).containsKey(500);
            await().atMost(TestBed.PATIENCE.plusSeconds(30))
                    .untilAsserted(() ->
                            assertThat(bed.runner().ledger().notDone(safe)).isEmpty());
        }
    }

    @Test
    void neitherNonsenseNorIdleConnectionsDisturbDispatch() throws Exception {
        List<JobEvent> jobs = events.next(200, JobShape.of("refreshLinks"));
        Random random = new Random(9);
        List<Socket> idle = new ArrayList<>();
        try (TestBed bed = new TestBed()) {
            Service service = bed.start(Setup.plain().withKeys("""
                    dedupe: {store: off}
                    intake: {enabled: true, port: 0, idle_timeout: 3s}
                    """));
            int port = service.intakePort().orElseThrow();
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            Thread nonsense = new Thread(() -> {
                for (int i = 0; i < FUZZED; i++) {
                    sendNonsense(port, random);
                }
            });
            nonsense.start();
            for (JobEvent job : jobs) {
                assertThat(client(service).post(List.of(job.bytes())).statusCode())
                        .isEqualTo(201);
            }
            nonsense.join();

            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            assertThat(bed.runner().ledger().notDone(ids(jobs))).isEmpty();
            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                Scrape metrics = bed.scrape(service);
                assertThat(metrics.sum("jobqueue_intake_in_hand_bytes")).isZero();
                assertThat(metrics.sum("jobqueue_intake_connections")).isLessThan(20);
            });
            assertThat(bed.scrape(service).sum("jobqueue_intake_requests_total", "status=\"500\""))
                    .isZero();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static void sendNonsense(int port, Random random) {
        byte[] body = new byte[random.nextInt(2_000)];
        random.nextBytes(body);
        String length = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "content-length: " + (body.length + 10) + "\r\n";
            case 2 -> "content-length: 99999999999999999999\r\n";
            default -> "content-length: " + body.length + "\r\n";
        };
        String head = "POST /v1/events HTTP/1.1\r\nhost: x\r\n" + length + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
        } catch (IOException refused) {
            // Nobody is kind to nonsense.
        }
    }

    private static int statusOf(EventBusClient client, List<JobEvent> batch) {
        try {
            return client.post(bytes(batch)).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static EventBusClient client(Service service) {
        return new EventBusClient(service.intakePort().orElseThrow(), TIMEOUT);
    }

    private static Map<String, List<JobEvent>> byType(List<JobEvent> jobs) {
        return jobs.stream().collect(Collectors.groupingBy(JobEvent::type, LinkedHashMap::new, Collectors.toList()));
    }

    private static List<Buffer> bytes(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::bytes).toList();
    }

    private static Set<String> ids(List<JobEvent> jobs) {
        return jobs.stream().map(JobEvent::id).collect(Collectors.toSet());
    }

    private static List<JobEvent> realJobs() throws IOException {
        try (InputStream lines = PostsIT.class.getResourceAsStream("/jobs-real.ndjson")) {
            return RealJobs.read(lines).stream().map(PostsIT::job).toList();
        }
    }

    private static JobEvent job(Buffer bytes) {
        JsonObject event = bytes.toJsonObject();
        return new JobEvent(event.getJsonObject("meta").getString("id"), event.getString("type"), bytes);
    }
}
