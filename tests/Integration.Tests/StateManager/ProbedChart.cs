using Fleet.Testing;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>A chart whose objects are well or ill as its values, or a test that writes their status, want them.</summary>
internal static class ProbedChart
{
    public const string Name = "probed";

    public static string Write(TemporaryFolder folder)
    {
        folder.Write($"{Name}/Chart.yaml", $"apiVersion: v2\nname: {Name}\nversion: 1.0.0\n");
        folder.Write($"{Name}/values.yaml", "claim: false\njob: false\nprobe: false\ndeployment: false\nsize: 1\n");
        folder.Write($"{Name}/crds/probes.yaml", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: probes.health.example}
            spec:
              group: health.example
              scope: Namespaced
              names: {kind: Probe, plural: probes, singular: probe}
              versions:
              - {name: v1, served: true, storage: true, subresources: {status: {}}, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
            """);
        folder.Write($"{Name}/templates/all.yaml", """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}}
            data: {size: "{{ .Values.size }}"}
            ---
            {{- if .Values.claim }}
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: {{ .Release.Name }}}
            spec: {accessModes: [ReadWriteOnce], storageClassName: none-such, resources: {requests: {storage: 1Gi}}}
            {{- end }}
            ---
            {{- if .Values.job }}
            apiVersion: batch/v1
            kind: Job
            metadata: {name: {{ .Release.Name }}-{{ .Values.size }}}
            spec:
              backoffLimit: 0
              template:
                spec: {restartPolicy: Never, nodeSelector: {disk: made-of-glass}, containers: [{name: work, image: busybox:1}]}
            {{- end }}
            ---
            {{- if .Values.probe }}
            apiVersion: health.example/v1
            kind: Probe
            metadata: {name: {{ .Release.Name }}}
            spec: {size: {{ .Values.size }}}
            {{- end }}
            ---
            {{- if .Values.deployment }}
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}}
            spec:
              replicas: 0
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}}
                spec: {containers: [{name: web, image: nginx:1}]}
            {{- end }}
            """);
        return folder.File(Name);
    }
}
