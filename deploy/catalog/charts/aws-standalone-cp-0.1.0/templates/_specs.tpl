{{/* The spec of one AWS machine, for .machine (controlPlane or worker) of .root. */}}
{{- define "machine.spec" -}}
{{- $machine := .machine -}}
instanceType: {{ $machine.instanceType | quote }}
{{- with $machine.amiID }}
ami:
  id: {{ . | quote }}
{{- end }}
{{- with $machine.imageLookup.format }}
imageLookupFormat: {{ . | quote }}
{{- end }}
{{- with $machine.imageLookup.org }}
imageLookupOrg: {{ . | quote }}
{{- end }}
{{- with $machine.imageLookup.baseOS }}
imageLookupBaseOS: {{ . | quote }}
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
{{ toYaml . | indent 2 }}
{{- end }}
{{- end }}

{{/* Arguments as kubeadm's v1beta2 API has them: a list of name and value, sorted by name. */}}
{{- define "component.args" -}}
{{- range $name, $value := . }}
- name: {{ $name | quote }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{- define "kubelet.args" -}}
{{- include "component.args" (merge (dict) .Values.kubernetes.kubeletArgs (dict "cloud-provider" "external")) | trim -}}
{{- end }}

{{- define "worker.bootstrap.spec" -}}
joinConfiguration:
  nodeRegistration:
    name: {{ "{{ ds.meta_data.local_hostname }}" | quote }}
    kubeletExtraArgs:
{{ include "kubelet.args" . | indent 6 }}
{{- end }}
