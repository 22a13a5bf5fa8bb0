using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Simulated;

/// <summary>helm's <c>--wait</c> on workloads that become ready, and on some that do not.</summary>
internal static class SimulatedHelmSteps
{
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["app/Chart.yaml"] = "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        ["app/values.yaml"] = "replicas: 2\ntag: \"1\"\n",
        ["app/templates/all.yaml"] =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}}
            spec:
              replicas: {{ .Values.replicas }}
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}}}
                spec:
                  containers: [{name: web, image: "nginx:{{ .Values.tag }}", ports: [{containerPort: 80, protocol: TCP}]}]
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: {{ .Release.Name }}-db}
            spec:
              replicas: 2
              serviceName: {{ .Release.Name }}
              selector: {matchLabels: {app: {{ .Release.Name }}-db}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}-db}}
                spec:
                  containers: [{name: db, image: "postgres:1"}]
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: {{ .Release.Name }}-agent}
            spec:
              selector: {matchLabels: {app: {{ .Release.Name }}-agent}}
              template:
                metadata: {labels: {app: {{ .Release.Name }}-agent}}
                spec: {containers: [{name: agent, image: agent}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}}
            spec: {type: LoadBalancer, selector: {app: {{ .Release.Name }}}, ports: [{port: 80, name: http, protocol: TCP}]}
            """,
        ["app/templates/hooks.yaml"] =
            """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{ .Release.Name }}-migrate
              annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-delete-policy": before-hook-creation}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: migrate}]}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: {{ .Release.Name }}-test, annotations: {"helm.sh/hook": test}}
            spec: {restartPolicy: Never, containers: [{name: test, image: test}]}
            """,
    };

    public static IReadOnlyList<Step> All { get; } =
    [
        new("install and wait", "install app-$TAG $DIR/app -n $NS --create-namespace --wait --timeout 60s") { Says = "STATUS: deployed" },
        new("all is ready", "get deployment app-$TAG -n $NS") { ByKubectl = true, Says = "app-$TAG 2/2 2 2" },
        new("claims are bound", "get pvc -n $NS -o jsonpath={.items[*].status.phase}") { ByKubectl = true, Says = "Bound Bound" },
        new("the hook has run", "get job app-$TAG-migrate -n $NS -o jsonpath={.status.succeeded}") { ByKubectl = true, Says = "1" },
        new("test", "test app-$TAG -n $NS --timeout 30s") { Says = "Phase: Succeeded" },
        new("upgrade and wait", "upgrade app-$TAG $DIR/app -n $NS --set tag=2,replicas=3 --wait --timeout 60s") { Says = "REVISION: 2" },
        new("all is new", "get deployment app-$TAG -n $NS -o wide") { ByKubectl = true, Says = "app-$TAG 3/3 3 3 AGE web nginx:2" },
        new("upgrade in vain", "upgrade app-$TAG $DIR/app -n $NS --set tag=does-not-exist --wait --timeout 3s") { ExitCode = 1, Says = "UPGRADE FAILED" },
        new("failed", "list -n $NS --failed") { Says = "app-$TAG $NS 3 TIME failed" },
        new("rollback and wait", "rollback app-$TAG 2 -n $NS --wait --timeout 60s") { Says = "Rollback was a success" },
        new("all is as before", "rollout status deployment/app-$TAG -n $NS --timeout=30s") { ByKubectl = true, Says = "successfully rolled out" },
        new("uninstall and wait", "uninstall app-$TAG -n $NS --wait --timeout 60s") { Says = "uninstalled" },
        new("nothing runs", "get pods -n $NS -l app=app-$TAG -o name") { ByKubectl = true },
        new("delete the namespace", "delete namespace $NS --timeout=60s") { ByKubectl = true, Says = "deleted" },
    ];
}
