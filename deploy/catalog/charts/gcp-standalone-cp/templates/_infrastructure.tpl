{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
cluster: GCPCluster
machine: GCPMachine
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
instanceType: {{ $machine.instanceType | quote }}
{{- with $machine.image }}
image: {{ . | quote }}
{{- else }}
{{- with $machine.imageFamily }}
imageFamily: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $machine.subnet }}
subnet: {{ . | quote }}
{{- end }}
publicIP: {{ $machine.publicIP }}
rootDeviceSize: {{ $machine.rootDeviceSize | int }}
rootDeviceType: {{ $machine.rootDeviceType | quote }}
ipForwarding: {{ $machine.ipForwarding | quote }}
{{- with $machine.additionalLabels }}
additionalLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $machine.additionalNetworkTags }}
additionalNetworkTags:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $machine.serviceAccount }}
{{- if .email }}
serviceAccounts:
  email: {{ .email | quote }}
  scopes:
    {{- toYaml .scopes | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}

{{- define "infrastructure.kubeadm" -}}
nodeName: {{ `{{ ds.meta_data.local_hostname.split(".")[0] }}` | quote }}
kubeletArgs:
  cloud-provider: external
controllerManagerArgs:
  allocate-node-cidrs: "false"
  cloud-provider: external
{{- end }}
