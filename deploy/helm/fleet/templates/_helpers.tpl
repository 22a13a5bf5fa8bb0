{{- /* root, service, tag of a pool. */ -}}
{{- define "fleet.image" -}}
{{- $root := .root -}}
{{- with $root.Values.image.registry }}{{ . }}/{{ end }}{{ $root.Values.image.repository }}/fleet-{{ .service }}:{{ .tag | default $root.Values.image.tag | default $root.Chart.AppVersion }}
{{- end }}

{{- define "fleet.name" -}}
{{- $name := ternary .root.Release.Name (printf "fleet-%s" .root.Release.Name) (contains "fleet" .root.Release.Name) | trunc 40 | trimSuffix "-" -}}
{{ $name }}-{{ .service }}
{{- end }}

{{- /*
The pods of one Deployment: root, service, pool. Selectors of Deployments may not overlap and cannot be changed later, and that of the general replicas was there before there were pools: name, instance and component.
So the pods of a pool have another name, and their selector has their pool as well: no pod fits two. What is for all replicas of a service selects by fleet.members.
*/ -}}
{{- define "fleet.selector" -}}
app.kubernetes.io/name: {{ ternary "fleet-pool" "fleet" (not (empty .pool)) }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- with .pool }}
k0rdent.mirantis.com/replica-pool: {{ . | quote }}
{{- end }}
{{- end }}

{{- /* All replicas of a service, those of its pools as well: root, service. By labels that the general pods have always had, so that none is lost in the moment in which the first pool is added. */ -}}
{{- define "fleet.members" -}}
{{- $values := get (dict "cluster-manager" .root.Values.clusterManager "state-manager" .root.Values.stateManager "observability" .root.Values.observability) .service -}}
{{- if not (get $values "pools") -}}
app.kubernetes.io/name: fleet
{{ end -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "fleet.labels" -}}
{{ include "fleet.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "fleet.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "fleet.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
runAsNonRoot: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "fleet.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "fleet.database.secret" -}}
{{- if .Values.postgresql.existingSecret }}{{ .Values.postgresql.existingSecret }}{{ else }}{{ include "fleet.name" (dict "root" . "service" "database") }}{{ end }}
{{- end }}

{{- define "fleet.database.key" -}}
{{- if .Values.postgresql.existingSecret }}{{ .Values.postgresql.existingSecretKey }}{{ else }}connection{{ end }}
{{- end }}

{{- /* One of the three services: root, service, port, args, values, once, extraPorts, extraMounts, extraVolumes. Replicas share out the clusters over Leases in the namespace of the release. */ -}}
{{- define "fleet.service" -}}
{{- $name := include "fleet.name" . -}}
{{- $tls := .root.Values.tls.enabled -}}
{{- $scheme := ternary "https" "http" $tls -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "fleet.labels" . | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "fleet.labels" . | nindent 4 }}
spec:
  selector: {{- include "fleet.members" . | nindent 4 }}
  ports:
    - {name: {{ $scheme }}, port: {{ .port }}, targetPort: {{ $scheme }}}
    {{- range .extraPorts }}
    - {name: {{ .name }}, port: {{ .service }}, targetPort: {{ .name }}}
    {{- end }}
---
{{ include "fleet.replicas" . }}
{{- if .root.Values.serviceMonitor.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ $name }}
  namespace: {{ .root.Release.Namespace }}
  labels: {{- include "fleet.labels" . | nindent 4 }}
    {{- with .root.Values.serviceMonitor.labels }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  selector:
    matchLabels: {{- include "fleet.selector" . | nindent 6 }}
  endpoints:
    - port: {{ $scheme }}
      path: /metrics
      interval: {{ .root.Values.serviceMonitor.interval }}
      {{- if $tls }}
      scheme: https
      tlsConfig:
        serverName: {{ $name }}.{{ .root.Release.Namespace }}.svc
        ca: {secret: {name: {{ include "fleet.tls.secret" . }}, key: ca.crt}}
      {{- end }}
{{- end }}
{{- range $pool, $given := .values.pools }}
{{- /* Variables and resources that the pool does not state are the service's. */ -}}
{{- $values := set (omit $given "resources") "replicas" ($given.replicas | default 1) }}
{{- $_ := set $values "resources" (mergeOverwrite (deepCopy ($.values.resources | default dict)) ($given.resources | default dict)) }}
{{- $_ := set $values "environment" (deepCopy ($.values.environment | default dict)) }}
{{- range $variable, $value := $given.environment }}{{ $_ := set $values.environment $variable $value }}{{ end }}
---
{{ include "fleet.replicas" (set (set (omit $ "values") "values" $values) "pool" $pool) }}
{{- end }}
{{- end }}
