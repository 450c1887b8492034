# What a Java of version $java_version is told at each start; sourced by the two scripts named jobqueue.

java_options=()
if [ "$java_version" -ge 24 ]; then
  # It would warn of native libraries, and of Kafka's own way to unmap a file.
  java_options+=(--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
fi

# An archive makes starts fast and saves CPU: of classes, and from Java 25 on also of what the JVM has learnt about methods
# (JEP 514 and 515). It is made by a run of a moment, and holds for the options of that run, those above among them.
if [ "$java_version" -ge 25 ]; then
  archive_kind=aot make_archive=-XX:AOTCacheOutput= use_archive=-XX:AOTCache=
  quiet_archive=('-Xlog:aot*=off' '-Xlog:cds*=off')
else
  archive_kind=jsa make_archive=-XX:ArchiveClassesAtExit= use_archive=-XX:SharedArchiveFile=
  quiet_archive=('-Xlog:cds*=off')
fi
