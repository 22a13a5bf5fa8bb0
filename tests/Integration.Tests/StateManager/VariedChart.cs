using Fleet.Testing;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>A chart with objects that servers default, encode and allocate differently. No pods: the Deployment has no replicas unless asked for.</summary>
internal static class VariedChart
{
    public const string Name = "varied";

    public static string Write(TemporaryFolder folder, string version = "1.0.0")
    {
        folder.Write($"{Name}/Chart.yaml", $"apiVersion: v2\nname: {Name}\nversion: {version}\n");
        folder.Write($"{Name}/values.yaml", "color: red\nreplicas: 0\npassword: sesame-open\n");
        folder.Write($"{Name}/templates/settings.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: ConfigMap
              metadata:
                name: {{ .Release.Name }}
                annotations: {{ toJson (default dict .Values.annotations) }}
              data: {color: {{ .Values.color }}, empty: ""}
            - apiVersion: v1
              kind: Secret
              metadata: {name: {{ .Release.Name }}}
              stringData: {password: {{ .Values.password }}}
            """);
        folder.Write($"{Name}/templates/access.yaml", """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: {{ .Release.Namespace }}-{{ .Release.Name }}}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
            """);
        folder.Write($"{Name}/templates/workload.yaml", """
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}}
            spec:
              selector: {app: {{ .Release.Name }}}
              ports: [{name: http, port: 80, targetPort: http, protocol: TCP}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}, labels: {}}
            spec:
              replicas: {{ .Values.replicas }}
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}, creationTimestamp: null}
                spec:
                  hostNetwork: false
                  nodeSelector: {}
                  containers:
                  - name: web
                    image: nginx:1
                    env: [{name: MODE, value: calm}]
                    ports: [{containerPort: 8080, name: http, protocol: TCP}]
                    resources: {requests: {cpu: 1000m, memory: 1024Mi}, limits: {memory: "1.5Gi"}}
                    volumeMounts: [{name: tmp, mountPath: /tmp}]
                  volumes: [{name: tmp, emptyDir: {}}]
            """);
        return folder.File(Name);
    }
}
