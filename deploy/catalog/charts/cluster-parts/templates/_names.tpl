{{/*
Names. A machine template cannot be changed once machines were made of it, so its name carries a hash of its content: a change makes a new one and
Cluster API rolls the machines over. The hash is of the parsed content, so that comments and spaces in a chart's templates do not count.
*/}}
{{- define "parts.name" -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end }}

{{- define "parts.hash" -}}
{{- . | toJson | sha256sum | trunc 8 -}}
{{- end }}

{{/* Turns rendered YAML into an object and says so when it is none. .text, .of */}}
{{- define "parts.canonical" -}}
{{- $object := .text | fromYaml -}}
{{- if hasKey $object "Error" -}}
{{- fail (printf "%s is not YAML: %s" .of $object.Error) -}}
{{- end -}}
{{- $object | toYaml -}}
{{- end }}

{{/* What the chart says about its infrastructure: "infrastructure.kinds" with the defaults of a kubeadm cluster. */}}
{{- define "parts.kinds" -}}
{{- $name := include "parts.name" . -}}
{{- $defaults := dict "controlPlane" (dict "apiGroup" "controlplane.cluster.x-k8s.io" "kind" "KubeadmControlPlane" "name" (printf "%s-cp" $name)) -}}
{{- merge (include "infrastructure.kinds" . | fromYaml) $defaults | toYaml -}}
{{- end }}

{{/* The spec of one machine. .role is controlPlane or worker, .root the chart. */}}
{{- define "parts.machine.spec" -}}
{{- $machine := index .root.Values .role -}}
{{- include "parts.canonical" (dict "text" (include "infrastructure.machine" (dict "role" .role "machine" $machine "root" .root)) "of" (printf "the machine spec of %s" .role)) -}}
{{- end }}

{{- define "parts.machine.name" -}}
{{- $short := ternary "cp" "worker" (eq .role "controlPlane") -}}
{{- printf "%s-%s-%s" (include "parts.name" .root) $short (include "parts.hash" (include "parts.machine.spec" .)) -}}
{{- end }}

{{- define "parts.hasWorkers" -}}
{{- if gt (int .Values.workersNumber) 0 }}true{{ end -}}
{{- end }}

{{/* The metadata of an object of the cluster. .name, .root, and if wanted .annotations and .finalizers */}}
{{- define "parts.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  cluster.x-k8s.io/cluster-name: {{ include "parts.name" .root }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .finalizers }}
finalizers:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
