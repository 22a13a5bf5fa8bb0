{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1beta2
cluster: AWSCluster
machine: AWSMachine
{{- end }}

{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
instanceType: {{ $machine.instanceType | quote }}
{{- with $machine.amiID }}
ami:
  id: {{ . | quote }}
{{- end }}
{{- with $machine.imageLookup }}
{{- with .format }}
imageLookupFormat: {{ . | quote }}
{{- end }}
{{- with .org }}
imageLookupOrg: {{ . | quote }}
{{- end }}
{{- with .baseOS }}
imageLookupBaseOS: {{ . | quote }}
{{- end }}
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
{{- if $machine.uncompressedUserData }}
uncompressedUserData: true
{{- end }}
{{- end }}

{{- define "infrastructure.kubeadm" -}}
nodeName: {{ "{{ ds.meta_data.local_hostname }}" | quote }}
kubeletArgs:
  cloud-provider: external
controllerManagerArgs:
  cloud-provider: external
{{- end }}
