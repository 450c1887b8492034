# The image with what Java 25 learns from running one job (JEP 514 and 515) in a file of its own: it starts in half the time.
#
#   docker build --build-arg IMAGE=jobqueue:0.1.0-SNAPSHOT --file image/fast-start.dockerfile --tag jobqueue:fast image
#
# Nothing else need be told: JDK_JAVA_OPTIONS is read beside the JAVA_TOOL_OPTIONS that a deployment sets.
ARG IMAGE
FROM ${IMAGE}
USER 0
RUN ["java", "-XX:AOTCacheOutput=/app/jobqueue.aot", "--enable-native-access=ALL-UNNAMED", "-cp", "@/app/jib-classpath-file", "org.mediawiki.jobqueue.changeprop.Main", "rehearse"]
ENV JDK_JAVA_OPTIONS="-XX:AOTCache=/app/jobqueue.aot -Xlog:aot*=off"
USER 65532:65532
