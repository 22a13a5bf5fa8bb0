{{- /* An object of the Cluster API operator. Of a dict with root, kind and name. */ -}}
{{- define "provider-parts.provider" -}}
{{- $values := .root.Values -}}
apiVersion: operator.cluster.x-k8s.io/v1alpha2
kind: {{ .kind }}
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  {{- with $values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- $spec := dict }}
{{- with $values.version }}{{ $_ := set $spec "version" . }}{{ end }}
{{- with $values.configSecret.name }}{{ $_ := set $spec "configSecret" (dict "name" . "namespace" (default $.root.Release.Namespace $values.configSecret.namespace)) }}{{ end }}
{{- with $values.fetchConfig }}{{ $_ := set $spec "fetchConfig" . }}{{ end }}
{{- with $values.manager }}{{ $_ := set $spec "manager" . }}{{ end }}
{{- with $values.deployment }}{{ $_ := set $spec "deployment" . }}{{ end }}
spec:
  {{- toYaml $spec | nindent 2 }}
{{- end }}

{{- /* What Credentials of the provider may name. Where Fleet's kinds are not (in a region) there is nothing to tell. Of a dict with root, provider, description and identities. */ -}}
{{- define "provider-parts.interface" -}}
{{- if .root.Capabilities.APIVersions.Has "k0rdent.mirantis.com/v1beta1" -}}
apiVersion: k0rdent.mirantis.com/v1beta1
kind: ProviderInterface
metadata:
  name: {{ .root.Chart.Name }}
  labels:
    cluster.x-k8s.io/provider: {{ .provider }}
spec:
  description: {{ .description | quote }}
  clusterIdentities:
    {{- toYaml .identities | nindent 4 }}
{{- end }}
{{- end }}
