{{- define "infrastructure.kinds" -}}
apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1
cluster: KubevirtCluster
machine: KubevirtMachine
{{- end }}

{{/* With rootVolume.size the disk is a volume that outlives the virtual machine's pod; without, it is the image itself and starts anew with it. */}}
{{- define "infrastructure.machine" -}}
{{- $machine := .machine -}}
virtualMachineBootstrapCheck:
  checkStrategy: {{ $machine.bootstrapCheckStrategy | quote }}
virtualMachineTemplate:
  metadata:
    namespace: {{ .root.Release.Namespace }}
  spec:
    runStrategy: {{ $machine.runStrategy | quote }}
    {{- if $machine.rootVolume.size }}
    dataVolumeTemplates:
      - metadata:
          name: root
        spec:
          pvc:
            accessModes: [ReadWriteOnce]
            resources:
              requests:
                storage: {{ $machine.rootVolume.size | quote }}
            {{- with $machine.rootVolume.storageClassName }}
            storageClassName: {{ . | quote }}
            {{- end }}
          source:
            registry:
              url: docker://{{ $machine.image }}
    {{- end }}
    template:
      spec:
        {{- with $machine.nodeSelector }}
        nodeSelector:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        domain:
          cpu:
            cores: {{ $machine.cpus | int }}
            {{- with $machine.cpu.model }}
            model: {{ . | quote }}
            {{- end }}
          memory:
            guest: {{ $machine.memory | quote }}
          devices:
            networkInterfaceMultiqueue: true
            disks:
              - name: root
                disk:
                  bus: virtio
        evictionStrategy: External
        volumes:
          - name: root
            {{- if $machine.rootVolume.size }}
            dataVolume:
              name: root
            {{- else }}
            containerDisk:
              image: {{ $machine.image | quote }}
              imagePullPolicy: {{ $machine.imagePullPolicy | quote }}
            {{- end }}
{{- end }}

{{- define "infrastructure.kubeadm" -}}
criSocket: unix:///run/containerd/containerd.sock
{{- end }}
