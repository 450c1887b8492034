{{/* The pod of one workload. Takes (dict "root" $ "lane" NAME "command" WORD "arguments" LIST). */}}
{{- define "jobqueue.pod" -}}
{{- $root := .root -}}
{{- $workload := include "jobqueue.workload" (dict "root" $root "lane" .lane) | fromJson -}}
{{- $adminPort := include "jobqueue.adminPort" $root -}}
metadata:
  labels:
    {{- include "jobqueue.labels" $root | nindent 4 }}
    jobqueue/lane: {{ .lane }}
    {{- with $workload.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    jobqueue/restart-checksum: {{ include "jobqueue.restartChecksum" (dict "root" $root "lane" .lane) }}
    {{- if eq $root.Values.monitoring.scrape "annotations" }}
    prometheus.io/scrape: "true"
    prometheus.io/port: {{ $adminPort | quote }}
    {{- end }}
    {{- if $root.Values.mesh.enabled }}
    jobqueue/mesh-checksum: {{ include "jobqueue.envoy" $root | sha256sum | trunc 16 }}
    {{- if eq $root.Values.monitoring.scrape "annotations" }}
    envoyproxy.io/scrape: "true"
    envoyproxy.io/port: {{ $root.Values.mesh.telemetryPort | int | quote }}
    {{- end }}
    {{- end }}
    {{- with $workload.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "jobqueue.serviceAccount" $root }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "jobqueue.graceSeconds" (dict "root" $root "lane" .lane) }}
  securityContext:
    runAsNonRoot: true
    runAsUser: {{ $root.Values.runAsUser | int64 }}
    runAsGroup: {{ $root.Values.runAsUser | int64 }}
    fsGroup: {{ $root.Values.runAsUser | int64 }}
    seccompProfile: {type: RuntimeDefault}
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $workload.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $workload.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $workload.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $workload.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if $workload.topologySpread }}
  topologySpreadConstraints:
    {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
    - maxSkew: 1
      topologyKey: {{ $key }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "jobqueue.selector" $root | nindent 10 }}
          jobqueue/lane: {{ $.lane }}
    {{- end }}
  {{- end }}
  {{- if $root.Values.mesh.enabled }}
  initContainers:
    {{- include "jobqueue.meshContainer" $root | nindent 4 }}
  {{- end }}
  containers:
    - name: jobqueue
      image: {{ include "jobqueue.image" $root }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args:
        - {{ .command }}
        - --config=/etc/jobqueue/jobqueue.yaml
        {{- range .arguments }}
        - {{ . }}
        {{- end }}
      ports:
        - {name: admin, containerPort: {{ $adminPort }}}
        {{- if include "jobqueue.takesEvents" $root }}
        - {name: intake, containerPort: {{ include "jobqueue.intakePort" $root }}}
        {{- end }}
      env:
        - name: POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: JAVA_TOOL_OPTIONS
          value: {{ printf "-XX:MaxRAMPercentage=%d -XX:ActiveProcessorCount=%d %s" (int $root.Values.jvm.heapPercentage) (int $root.Values.jvm.processors) $root.Values.jvm.options | trim | quote }}
        {{- with $root.Values.secrets.adminToken.secretName }}
        - name: JOBQUEUE_ADMIN_TOKEN
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $root.Values.secrets.adminToken.key }}}}
        {{- end }}
        {{- with $root.Values.secrets.redisPassword.secretName }}
        - name: JOBQUEUE_REDIS_PASSWORD
          valueFrom: {secretKeyRef: {name: {{ . }}, key: {{ $root.Values.secrets.redisPassword.key }}}}
        {{- end }}
        {{- range $root.Values.secrets.env }}
        - name: {{ .env }}
          valueFrom: {secretKeyRef: {name: {{ .secretName }}, key: {{ .key }}}}
        {{- end }}
        {{- with $workload.extraEnv }}{{ toYaml . | nindent 8 }}{{ end }}
      {{- $leave := include "jobqueue.leaveSeconds" $root | int }}
      {{- if gt $leave 0 }}
      # It is no endpoint any more, but who posts may not know it yet: only then does it begin to stop.
      lifecycle: {preStop: {sleep: {seconds: {{ $leave }}}}}
      {{- end }}
      startupProbe:
        httpGet: {path: /healthz, port: admin}
        periodSeconds: 2
        timeoutSeconds: {{ $root.Values.probes.timeoutSeconds | int }}
        failureThreshold: {{ div $root.Values.probes.startupSeconds 2 }}
      livenessProbe:
        httpGet: {path: /healthz, port: admin}
        periodSeconds: {{ $root.Values.probes.periodSeconds | int }}
        timeoutSeconds: {{ $root.Values.probes.timeoutSeconds | int }}
        failureThreshold: {{ $root.Values.probes.livenessFailures | int }}
      # Not /readyz: a target that is down, or a full disk, would take every pod's intake away, and hold a rollout up.
      readinessProbe:
        httpGet: {path: /startedz, port: admin}
        periodSeconds: {{ $root.Values.probes.periodSeconds | int }}
        timeoutSeconds: {{ $root.Values.probes.timeoutSeconds | int }}
      resources: {{- toYaml $workload.resources | nindent 8 }}
      securityContext:
        {{- include "jobqueue.securityContext" $root | nindent 8 }}
      volumeMounts:
        - {name: config, mountPath: /etc/jobqueue, readOnly: true}
        - {name: state, mountPath: /var/lib/jobqueue}
        - {name: tmp, mountPath: /tmp}
        {{- if $root.Values.certificates.configMapName }}
        - {name: certificates, mountPath: {{ $root.Values.certificates.mountPath }}, readOnly: true}
        {{- end }}
        {{- range $root.Values.secrets.files }}
        - {name: secret-{{ .name }}, mountPath: {{ .mountPath }}, readOnly: true}
        {{- end }}
  volumes:
    # The whole folder, never a single file of it: only so does Kubernetes update it under the running service.
    - name: config
      configMap: {name: {{ include "jobqueue.fullname" $root }}-config}
    {{- if ne $root.Values.kafka.mode "embedded" }}
    - name: state
      {{- if $root.Values.state.size }}
      ephemeral:
        volumeClaimTemplate:
          spec:
            accessModes: [ReadWriteOnce]
            {{- with $root.Values.state.storageClassName }}
            storageClassName: {{ . }}
            {{- end }}
            resources: {requests: {storage: {{ $root.Values.state.size }}}}
      {{- else }}
      # No sizeLimit: who exceeds one is evicted, with all jobs that run, where a full disk would only delay what waits.
      emptyDir: {}
      {{- end }}
    {{- end }}
    - name: tmp
      emptyDir: {sizeLimit: 256Mi}
    {{- if $root.Values.certificates.configMapName }}
    - name: certificates
      configMap: {name: {{ $root.Values.certificates.configMapName }}}
    {{- end }}
    {{- range $root.Values.secrets.files }}
    - name: secret-{{ .name }}
      secret: {secretName: {{ .secretName }}}
    {{- end }}
    {{- if $root.Values.mesh.enabled }}
    - name: envoy
      configMap: {name: {{ include "jobqueue.fullname" $root }}-envoy}
    {{- end }}
{{- end }}
