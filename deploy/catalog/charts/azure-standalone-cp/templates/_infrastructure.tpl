{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
cluster: AzureCluster
machine: AzureMachine
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
vmSize: {{ $machine.vmSize | quote }}
osDisk:
  osType: Linux
  diskSizeGB: {{ $machine.rootVolumeSize | int }}
# The key as Azure wants it: base64 of the OpenSSH form. Empty: the provider makes one.
sshPublicKey: {{ $machine.sshPublicKey | quote }}
{{- with $machine.image }}
{{- if .id }}
image:
  id: {{ .id | quote }}
{{- else if .computeGallery }}
image:
  computeGallery:
    {{- toYaml .computeGallery | nindent 4 }}
{{- else if .marketplace }}
image:
  marketplace:
    {{- toYaml .marketplace | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}

{{/* The provider makes a Secret with the cloud provider's configuration for each machine template, named after it. */}}
{{- define "infrastructure.kubeadm" -}}
nodeName: {{ `{{ ds.meta_data["local_hostname"] }}` | quote }}
kubeletArgs:
  cloud-provider: external
{{- if eq .role "controlPlane" }}
controllerManagerArgs:
  allocate-node-cidrs: "false"
  cloud-provider: external
  cluster-name: {{ include "parts.name" .root }}
{{- end }}
files:
  - path: /etc/kubernetes/azure.json
    owner: root:root
    permissions: "0644"
    contentFrom:
      secret:
        name: {{ include "parts.machine.name" . }}-azure-json
        key: {{ ternary "control-plane" "worker-node" (eq .role "controlPlane") }}-azure.json
{{- end }}
