{{- define "parts.cluster" -}}
{{- $kinds := include "parts.kinds" . | fromYaml -}}
apiVersion: cluster.x-k8s.io/v1beta2
kind: Cluster
metadata:
  name: {{ include "parts.name" . }}
  namespace: {{ .Release.Namespace }}
  {{- with .Values.clusterLabels }}
  labels:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.clusterAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .Values.clusterNetwork }}
  clusterNetwork:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  controlPlaneRef:
    {{- toYaml $kinds.controlPlane | nindent 4 }}
  infrastructureRef:
    apiGroup: infrastructure.cluster.x-k8s.io
    kind: {{ $kinds.cluster }}
    name: {{ include "parts.name" . }}
{{- end }}

{{/*
Keeps the infrastructure cluster, and with it network and identity, until all machines are gone: Helm deletes everything at once. Fleet takes it away.
*/}}
{{- define "parts.cleanupFinalizer" -}}
- k0rdent.mirantis.com/cleanup
{{- end }}

{{/* The reference to the identity as most providers want it; nothing when there is none. */}}
{{- define "parts.identityRef" -}}
{{- with .Values.clusterIdentity -}}
{{- if .name -}}
kind: {{ .kind | quote }}
name: {{ .name | quote }}
{{- end -}}
{{- end -}}
{{- end }}
