{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: AWSManagedCluster
machine: AWSMachine
controlPlane:
  apiGroup: controlplane.cluster.x-k8s.io
  kind: AWSManagedControlPlane
  name: {{ include "parts.name" . }}-cp
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
instanceType: {{ $machine.instanceType | quote }}
ami:
  {{- if $machine.ami.id }}
  id: {{ $machine.ami.id | quote }}
  {{- else }}
  eksLookupType: {{ $machine.ami.eksLookupType | quote }}
  {{- end }}
iamInstanceProfile: {{ $machine.iamInstanceProfile | quote }}
publicIP: {{ .root.Values.publicIP }}
{{- with .root.Values.sshKeyName }}
sshKeyName: {{ . | quote }}
{{- end }}
rootVolume:
  size: {{ $machine.rootVolumeSize | int }}
{{- with $machine.nonRootVolumes }}
nonRootVolumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
# nodeadm reads its configuration as it is: neither compressed nor by way of AWS Secrets Manager.
uncompressedUserData: true
cloudInit:
  insecureSkipSecretsManager: true
{{- end }}

{{- define "eks.bootstrap.spec" -}}
{{- with .Values.worker.kubeletConfig -}}
kubelet:
  config:
    {{- toYaml . | nindent 4 }}
{{- end -}}
{{- end }}
