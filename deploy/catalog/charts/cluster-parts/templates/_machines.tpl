{{/* One machine template. .role, .root */}}
{{- define "parts.machineTemplate" -}}
{{- $kinds := include "parts.kinds" .root | fromYaml -}}
apiVersion: {{ $kinds.apiVersion }}
kind: {{ $kinds.machine }}Template
metadata:
  {{- include "parts.metadata" (dict "name" (include "parts.machine.name" .) "root" .root) | nindent 2 }}
spec:
  template:
    spec:
      {{- include "parts.machine.spec" . | nindent 6 }}
{{- end }}

{{- define "parts.machineTemplates" -}}
{{ include "parts.machineTemplate" (dict "role" "controlPlane" "root" .) }}
{{- if include "parts.hasWorkers" . }}
---
{{ include "parts.machineTemplate" (dict "role" "worker" "root" .) }}
{{- end }}
{{- end }}

{{/* The worker machines. .bootstrap is their bootstrap, .root the chart. */}}
{{- define "parts.machineDeployment" -}}
{{- $root := .root -}}
{{- $name := include "parts.name" $root -}}
{{- $kinds := include "parts.kinds" $root | fromYaml -}}
apiVersion: cluster.x-k8s.io/v1beta2
kind: MachineDeployment
metadata:
  {{- include "parts.metadata" (dict "name" (printf "%s-md" $name) "root" $root) | nindent 2 }}
spec:
  clusterName: {{ $name }}
  replicas: {{ $root.Values.workersNumber | int }}
  selector:
    matchLabels:
      cluster.x-k8s.io/cluster-name: {{ $name }}
      cluster.x-k8s.io/deployment-name: {{ $name }}-md
  template:
    metadata:
      labels:
        cluster.x-k8s.io/cluster-name: {{ $name }}
        cluster.x-k8s.io/deployment-name: {{ $name }}-md
    spec:
      clusterName: {{ $name }}
      version: {{ $root.Values.kubernetes.version | quote }}
      bootstrap:
        {{- toYaml .bootstrap | nindent 8 }}
      infrastructureRef:
        apiGroup: infrastructure.cluster.x-k8s.io
        kind: {{ $kinds.machine }}Template
        name: {{ include "parts.machine.name" (dict "role" "worker" "root" $root) }}
{{- end }}
