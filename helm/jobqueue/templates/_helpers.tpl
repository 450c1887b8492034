{{/* Name of everything in this release: "jobqueue-main", "jobqueue-canary". */}}
{{- define "jobqueue.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{- else -}}
{{ printf "%s-%s" .Chart.Name .Release.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end }}

{{- define "jobqueue.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "jobqueue.labels" -}}
{{ include "jobqueue.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "jobqueue.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary (include "jobqueue.fullname" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "jobqueue.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Whether events are taken: "true" or empty. `standalone` takes them in any case. */}}
{{- define "jobqueue.takesEvents" -}}
{{- if or (eq .Values.kafka.mode "embedded") (dig "intake" "enabled" false .Values.config) }}true{{ end -}}
{{- end }}

{{- define "jobqueue.adminPort" -}}
{{ dig "admin" "port" 9102 .Values.config | int }}
{{- end }}

{{- define "jobqueue.intakePort" -}}
{{ dig "intake" "port" 8192 .Values.config | int }}
{{- end }}

{{/* A duration of the configuration, such as 90s, in whole seconds, rounded up. */}}
{{- define "jobqueue.seconds" -}}
{{- $amount := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" }}{{ div (add $amount 999) 1000 }}
{{- else }}{{ mul $amount (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) }}{{ end -}}
{{- end }}

{{/*
What a lane's pods have: the lane's own values over those of `workload`, as JSON. Of a lane with `replicas: 0` nothing runs,
whatever it scales by: an autoscaler would start its pods. Takes (dict "root" $ "lane" NAME).
*/}}
{{- define "jobqueue.workload" -}}
{{- $own := get .root.Values.lanes .lane | default dict -}}
{{- $workload := mergeOverwrite (deepCopy .root.Values.workload) (deepCopy $own) -}}
{{- if and (not (kindIs "invalid" $workload.replicas)) (eq (int $workload.replicas) 0) -}}
{{- $_ := set $workload.autoscaling "kind" "none" -}}
{{- end -}}
{{- $workload | toJson -}}
{{- end }}

{{/* How long the jobs of a lane may go on after SIGTERM, in seconds. */}}
{{- define "jobqueue.laneDrainSeconds" -}}
{{- $config := .root.Values.config -}}
{{- $drain := dig "lanes" .lane "drain_timeout" (dig "drain_timeout" "30s" $config) $config -}}
{{- include "jobqueue.seconds" $drain -}}
{{- end }}

{{/* How long those of a pod may: of its lane, or of all where one pod runs all. */}}
{{- define "jobqueue.drainSeconds" -}}
{{- $longest := include "jobqueue.laneDrainSeconds" . | int64 -}}
{{- if eq .root.Values.kafka.mode "embedded" -}}
{{- range $lane := keys (.root.Values.config.lanes | default dict) -}}
{{- $longest = max $longest (include "jobqueue.laneDrainSeconds" (dict "root" $.root "lane" $lane) | int64) -}}
{{- end -}}
{{- end -}}
{{- $longest -}}
{{- end }}

{{/* How long a pod that is to end goes on as it is, until whoever posts has heard of it, in seconds. */}}
{{- define "jobqueue.leaveSeconds" -}}
{{- if and (eq .Values.kafka.mode "external") (include "jobqueue.takesEvents" .) }}{{ .Values.intake.leaveSeconds | int }}{{ else }}0{{ end -}}
{{- end }}

{{- define "jobqueue.graceSeconds" -}}
{{- $drain := include "jobqueue.drainSeconds" . | int64 -}}
{{- $leave := include "jobqueue.leaveSeconds" .root | int64 -}}
{{- $workload := include "jobqueue.workload" . | fromJson -}}
{{- $grace := $workload.terminationGracePeriodSeconds | default (add $leave $drain 15) | int64 -}}
{{- if le $grace (add $leave $drain 10) -}}
{{- fail (printf "lanes.%s: terminationGracePeriodSeconds %d must be more than 10 s above the drain_timeout of %d s and the %d s of intake.leaveSeconds" .lane $grace $drain $leave) -}}
{{- end -}}
{{ $grace }}
{{- end }}

{{/* The service's configuration as it stands in the ConfigMap. */}}
{{- define "jobqueue.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $_ := set $config "instance" "${POD_NAME}" -}}
{{- $_ := set $config "scheduler" (merge (dict "folder" "/var/lib/jobqueue/scheduler") ($config.scheduler | default dict)) -}}
{{- $_ := set $config "admin" (mergeOverwrite (dict "host" "0.0.0.0") ($config.admin | default dict)) -}}
{{- if and .Values.secrets.adminToken.secretName (not (hasKey $config.admin "token")) -}}
{{- $_ := set $config.admin "token" "${JOBQUEUE_ADMIN_TOKEN}" -}}
{{- end -}}
{{- if include "jobqueue.takesEvents" . -}}
{{- $_ := set $config "intake" (mergeOverwrite (dict "host" "0.0.0.0" "enabled" true) ($config.intake | default dict)) -}}
{{- end -}}
{{ toYaml $config }}
{{- end }}

{{/*
Changes when a key changes that the running service cannot take over: those that the service marks so, which a test
compares, and the drain of the pod's own lane. A process of all lanes keeps its lanes and their drains, too; that of one lane
does not care about the others. Takes (dict "root" $ "lane" NAME).
*/}}
{{- define "jobqueue.restartChecksum" -}}
{{- $config := .root.Values.config -}}
{{- $keys := pick $config "service" "dc" "kafka" "dedupe" "scheduler" "intake" "standalone" "admin" "tracing" -}}
{{- $_ := set $keys "drain" (include "jobqueue.drainSeconds" .) -}}
{{- if eq .root.Values.kafka.mode "embedded" -}}
{{- $lanes := dict -}}
{{- range $lane := keys ($config.lanes | default (dict "main" dict)) -}}
{{- $_ := set $lanes $lane (include "jobqueue.laneDrainSeconds" (dict "root" $.root "lane" $lane)) -}}
{{- end -}}
{{- $_ := set $keys "lanes" $lanes -}}
{{- end -}}
{{ $keys | toJson | sha256sum | trunc 16 }}
{{- end }}

{{- define "jobqueue.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end }}
