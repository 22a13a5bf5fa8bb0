{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta1
cluster: OpenStackCluster
machine: OpenStackMachine
{{- end }}

{{/* Where the provider finds its clouds.yaml: a Secret beside the cluster, or an OpenStackClusterIdentity. */}}
{{- define "openstack.identity" -}}
type: {{ ternary "ClusterIdentity" "Secret" (eq .Values.clusterIdentity.kind "OpenStackClusterIdentity") }}
name: {{ .Values.clusterIdentity.name | default (printf "%s-cloud-config" (include "parts.name" .)) | quote }}
cloudName: {{ .Values.identityRef.cloudName | quote }}
{{- with .Values.identityRef.region }}
region: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
flavor: {{ $machine.flavor | quote }}
identityRef:
  {{- include "openstack.identity" .root | nindent 2 }}
image:
  filter:
    name: {{ $machine.image.filter.name | quote }}
    {{- with $machine.image.filter.tags }}
    tags:
      {{- toYaml . | nindent 6 }}
    {{- end }}
{{- with $machine.sshKeyName }}
sshKeyName: {{ . | quote }}
{{- end }}
{{- with $machine.ports }}
ports:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $machine.rootVolume }}
rootVolume:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $machine.additionalBlockDevices }}
additionalBlockDevices:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $machine.securityGroups }}
securityGroups:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "infrastructure.kubeadm" -}}
nodeName: {{ "{{ local_hostname }}" | quote }}
kubeletArgs:
  cloud-provider: external
  provider-id: {{ "openstack:///'{{ instance_id }}'" | quote }}
controllerManagerArgs:
  cloud-provider: external
{{- end }}
