package org.mediawiki.jobqueue.loadtest.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.ok;
import static org.mediawiki.jobqueue.loadtest.standin.Behaviour.status;
import static org.mediawiki.jobqueue.loadtest.standin.JobMatch.type;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.mediawiki.jobqueue.changeprop.app.Service;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafka;
import org.mediawiki.jobqueue.changeprop.embedded.EmbeddedKafkaOptions;
import org.mediawiki.jobqueue.changeprop.embedded.FreePorts;
import org.mediawiki.jobqueue.loadtest.generate.EventBusClient;
import org.mediawiki.jobqueue.loadtest.generate.JobEvent;
import org.mediawiki.jobqueue.loadtest.generate.JobEvents;
import org.mediawiki.jobqueue.loadtest.generate.JobShape;
import org.mediawiki.jobqueue.loadtest.generate.RealJobs;
import org.mediawiki.jobqueue.loadtest.standin.StandInOptions;

/** From a post of MediaWiki's EventBus extension to the job runner: SPEC section 3, intake. */
final class PostsIT {

    private static final boolean SOAK = Boolean.getBoolean("jobqueue.soak");
    private static final Duration OUTAGE = Duration.ofSeconds(SOAK ? 20 : 4);
    private static final int IDLE_CONNECTIONS = SOAK ? 10_000 : 500;
    private static final int FUZZED = SOAK ? 20_000 : 1_000;

    /** The extension's default; the class's is 10 s. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** New topics are noticed soon: each test has some. */
    private static final Setup PLAIN =
            Setup.plain().withKafka("first_start: earliest, consumer: {metadata.max.age.ms: 500}");

    private static final Setup WITH_INTAKE = PLAIN.withKeys("""
            dedupe: {store: off}
            intake: {enabled: true, port: 0}
            """);

    @TempDir
    private Path folder;

    private final JobEvents events = new JobEvents(5, Clock.systemUTC());

    @Execution(CONCURRENT)
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

    @Execution(CONCURRENT)
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

    @Execution(CONCURRENT)
    @Test
    void aBatchWithOneBadEventIsRunWithoutItAndTheSameBatchAgainIsNot() throws IOException {
        List<JobEvent> good = events.next(4, JobShape.of("refreshLinks"));
        List<Buffer> batch = new ArrayList<>(bytes(good));
        Buffer bad = Buffer.buffer("{\"meta\":{\"stream\":\"mediawiki.job.refreshLinks\"},\"type\":7}");
        batch.add(2, bad);
        try (TestBed bed = new TestBed()) {
            EventBusClient client = client(bed.start(PLAIN.withKeys("intake: {enabled: true, port: 0}")));

            HttpResponse<String> first = client.post(batch);
            bed.runner().ledger().awaitEnded(good.size(), TestBed.PATIENCE);
            // Known as done is what the service has heard to be done, a moment after the runner has said so.
            bed.awaitCommitted(bed.group(), List.of(bed.topic("refreshLinks")));
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

    /** Topics that are new are made one after the other; who is in a hurry has the answer before the first is there. */
    @Execution(CONCURRENT)
    @Test
    void eventsOfNewTypesAreRunAlsoWhereTheirPostIsInAHurry() throws IOException {
        List<JobEvent> jobs = Stream.of("Hasty1", "Hasty2", "Hasty3", "Hasty4")
                .map(type -> events.next(JobShape.of(type)))
                .toList();
        try (TestBed bed = new TestBed()) {
            int port = bed.start(WITH_INTAKE).intakePort().orElseThrow();

            assertThat(postAlone(port, "/v1/events?hasty=true", bytes(jobs))).isEqualTo(202);

            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            assertThat(bed.runner().ledger().notDone(ids(jobs))).isEmpty();
        }
    }

    /** The extension signs its events before the intake dates them; its own endpoint checks the signature. */
    @Execution(CONCURRENT)
    @Test
    void theExtensionsEndpointGetsWhatMediaWikiSignedAlsoWhenTheJobIsTriedAgain() throws IOException {
        String dated = events.next(JobShape.of("refreshLinks")).bytes().toString();
        Buffer signed = Buffer.buffer(dated.replaceFirst("\"dt\":\"[^\"]*\",", ""));
        try (TestBed bed = new TestBed()) {
            bed.runner().on(type("refreshLinks")).answerTimes(1, status(500)).then(ok());
            Service service =
                    bed.start(PLAIN.aimedAt(bed.runner().restUri(), bed.runner().caFile())
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

    @Execution(CONCURRENT)
    @Test
    void noEventIsCalledSafeThatIsNotThereWhenTheBrokerComesBack() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafkaOptions.in(folder.resolve("kafka")));
                TestBed bed = new TestBed(StandInOptions.defaults(), kafka.bootstrapServers())) {
            bed.createTopics("refreshLinks");
            EventBusClient client = client(bed.start(PLAIN.withKeys("""
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

    /** The next process is started before this one is stopped; each post has a connection of its own, as PHP's have. */
    @Execution(CONCURRENT)
    @Test
    void aRestartRefusesNoPostAndLosesNoEvent() throws Exception {
        assumeThat(System.getProperty("os.name")).as("where two may listen").isEqualTo("Linux");
        int port = new FreePorts(new SecureRandom()).find(1).get(0);
        Set<String> safe = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        try (TestBed bed = new TestBed()) {
            // Patience beyond the extension's: on a busy machine a young process may take its time.
            String yaml = bed.yaml(PLAIN.withKeys("intake: {enabled: true, port: %d, patience: 20s}".formatted(port)));
            bed.createTopics("refreshLinks");
            try (ServiceProcess first = ServiceProcess.start(folder, yaml)) {
                awaitTaking(first, port);
                CompletableFuture<Void> poster = CompletableFuture.runAsync(
                        () -> {
                            while (!over.get()) {
                                List<JobEvent> batch = events.next(2, JobShape.of("refreshLinks"));
                                assertThat(postAlone(port, "/v1/events", bytes(batch)))
                                        .isEqualTo(201);
                                safe.addAll(ids(batch));
                            }
                        },
                        TestBed.ownThreads());
                awaitMore(safe, poster);
                try (ServiceProcess second = ServiceProcess.start(folder, yaml)) {
                    awaitTaking(second, port);
                    awaitMore(safe, poster);

                    first.terminate();

                    assertThat(first.awaitExit(TestBed.PATIENCE)).isEqualTo(143);
                    awaitMore(safe, poster);
                    over.set(true);
                    assertThat(poster).succeedsWithin(TIMEOUT.multipliedBy(2));
                    await().atMost(TestBed.PATIENCE)
                            .untilAsserted(
                                    () -> assertThat(bed.runner().ledger().notDone(safe))
                                            .isEmpty());
                }
            }
        } finally {
            over.set(true);
        }
    }

    /** Whoever posts hears of the end later than the instance does; and where all end at once there is no other. */
    @Execution(CONCURRENT)
    @Test
    void anInstanceThatIsToEndTakesPostsWhileItsLanesDrain() throws IOException {
        JobEvent running = events.next(JobShape.of("Slow"));
        try (TestBed bed = new TestBed()) {
            bed.runner().on(type("Slow")).answer(ok().after(Duration.ofSeconds(12)));
            Service service = bed.start(WITH_INTAKE);
            EventBusClient client = client(service);
            assertThat(client.post(bytes(List.of(running))).statusCode()).isEqualTo(201);
            bed.runner().ledger().awaitRequests(1, TestBed.PATIENCE);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> bed.stop(service), TestBed.ownThreads());

            await().atMost(TestBed.PATIENCE)
                    .until(() -> bed.admin(service, "/readyz").body().contains("stopping"));
            assertThat(bed.admin(service, "/startedz").statusCode()).isEqualTo(200);
            assertThat(client.post(bytes(events.next(1, JobShape.of("Plain")))).statusCode())
                    .isEqualTo(201);
            assertThat(stopped).as("all of this was while it drained").isNotDone();
            stopped.join();
        }
    }

    /** The service is a process of its own: 10,000 connections with both ends in one are more than many systems allow. */
    @Execution(CONCURRENT)
    @Test
    void neitherNonsenseNorIdleConnectionsDisturbDispatch() throws Exception {
        assumeThat(mostFiles())
                .as("files that a process may open here (ulimit -n), for %d connections", IDLE_CONNECTIONS)
                .isGreaterThan(IDLE_CONNECTIONS + 1_000L);
        List<JobEvent> jobs = events.next(200, JobShape.of("refreshLinks"));
        List<Integer> ports = new FreePorts(new SecureRandom()).find(2);
        int port = ports.get(0);
        List<Socket> idle = new ArrayList<>();
        try (TestBed bed = new TestBed();
                ServiceProcess service = ServiceProcess.start(
                        folder, bed.yaml(PLAIN.withKeys("""
                                dedupe: {store: off}
                                intake: {enabled: true, port: %d, idle_timeout: %ds}
                                admin: {port: %d}
                                """.formatted(port, SOAK ? 20 : 3, ports.get(1)))))) {
            awaitTaking(service, port);
            for (int i = 0; i < IDLE_CONNECTIONS; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            CompletableFuture<Void> nonsense =
                    CompletableFuture.runAsync(() -> sendNonsense(port, new Random(9)), TestBed.ownThreads());
            EventBusClient client = new EventBusClient(port, TIMEOUT);
            for (JobEvent job : jobs) {
                assertThat(client.post(List.of(job.bytes())).statusCode()).isEqualTo(201);
            }

            assertThat(nonsense).succeedsWithin(TestBed.PATIENCE);
            bed.runner().ledger().awaitEnded(jobs.size(), TestBed.PATIENCE);
            assertThat(bed.runner().ledger().notDone(ids(jobs))).isEmpty();
            assertThat(bed.runner().ledger().count())
                    .as("nothing else is a job")
                    .isEqualTo(jobs.size());
            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                Scrape metrics = bed.scrape(ports.get(1));
                assertThat(metrics.sum("jobqueue_intake_in_hand_bytes")).isZero();
                assertThat(metrics.sum("jobqueue_intake_connections")).isLessThan(20);
            });
            assertThat(bed.scrape(ports.get(1)).sum("jobqueue_intake_requests_total", "status=\"500\""))
                    .isZero();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static void sendNonsense(int port, Random random) {
        String job = new JobEvents(6, Clock.systemUTC())
                .next(JobShape.of("nonsense"))
                .bytes()
                .toString();
        for (int i = 0; i < FUZZED; i++) {
            Nonsense nonsense = Nonsense.any(job, random);
            assertThat(nonsense.sendTo(port)).as(nonsense.kind()).isEqualTo(nonsense.status());
        }
    }

    /** What is wrong with a request, and the answer that it deserves. */
    private record Nonsense(String kind, String head, Buffer body, int status) {

        private static final String JSON = "content-type: application/json\r\n";
        private static final String ASKS = "expect: 100-continue\r\n";
        private static final Buffer NOTHING = Buffer.buffer();

        static Nonsense any(String job, Random random) {
            return switch (random.nextInt(9)) {
                case 0 -> of("random bytes", random(random), 400);
                case 1 -> of("cut short", ("[" + job).substring(0, 1 + random.nextInt(job.length())), 400);
                case 2 -> of("no events", "[7,\"x\",null,[],true]", 400);
                case 3 -> of("a type that is none", job.replace("\"type\":\"nonsense\"", "\"type\":{}"), 400);
                case 4 -> of("a huge number", job.replaceFirst("}$", ",\"page_namespace\":1e999999999}"), 400);
                case 5 -> of("deep", "[".repeat(50_000) + "]".repeat(50_000), 400);
                case 6 -> new Nonsense("a picture", "content-type: image/png\r\n" + ASKS + length(2), NOTHING, 415);
                case 7 -> new Nonsense("no length", JSON + "content-length: 9e9\r\n", NOTHING, 400);
                default -> new Nonsense("too long", JSON + ASKS + length(99_999_999_999L), NOTHING, 413);
            };
        }

        private static Nonsense of(String kind, String body, int status) {
            return of(kind, Buffer.buffer(body), status);
        }

        private static Nonsense of(String kind, Buffer body, int status) {
            return new Nonsense(kind, JSON + length(body.length()), body, status);
        }

        private static String length(long bytes) {
            return "content-length: " + bytes + "\r\n";
        }

        private static Buffer random(Random random) {
            byte[] bytes = new byte[random.nextInt(2_000)];
            random.nextBytes(bytes);
            return Buffer.buffer(bytes);
        }

        int sendTo(int port) {
            return statusAfter(port, "POST /v1/events HTTP/1.1\r\nhost: x\r\n" + head + "\r\n", body.getBytes());
        }
    }

    private static long mostFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    private static void awaitTaking(ServiceProcess process, int port) {
        await().atMost(TestBed.PATIENCE).until(() -> process.log().contains("Taking events on port " + port));
    }

    private static void awaitMore(Set<String> safe, CompletableFuture<Void> poster) {
        int before = safe.size();
        await().atMost(TestBed.PATIENCE).until(() -> safe.size() > before + 100 || poster.isCompletedExceptionally());
    }

    /** As PHP does it: a connection for each post. */
    private static int postAlone(int port, String path, List<Buffer> batch) {
        byte[] body = batch.stream()
                .map(Buffer::toString)
                .collect(Collectors.joining(",", "[", "]"))
                .getBytes(UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                + "content-type: application/json\r\ncontent-length: " + body.length + "\r\n\r\n";
        return statusAfter(port, head, body);
    }

    /** The status of the answer; nothing is tried twice. */
    private static int statusAfter(int port, String head, byte[] body) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TestBed.PATIENCE.toMillis());
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            socket.getOutputStream().write(body);
            InputStream answer = socket.getInputStream();
            String line = line(answer);
            while (line.startsWith("HTTP/1.1 100")) {
                line(answer);
                line = line(answer);
            }
            assertThat(line).startsWith("HTTP/1.1 ");
            return Integer.parseInt(line.substring(9, 12));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
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
