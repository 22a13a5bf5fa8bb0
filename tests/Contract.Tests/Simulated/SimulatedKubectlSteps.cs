using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Simulated;

/// <summary>What kubectl does where pods run: roll-outs, logs, usage, waiting, draining.</summary>
internal static class SimulatedKubectlSteps
{
    private const string Replicas = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: owned}, spec: {replicas: 2, selector: {matchLabels: {app: owned}}, template: {metadata: {labels: {app: owned}}, spec: {containers: [{name: c, image: 'nginx:1'}]}}}}";

    public static IReadOnlyList<Step> All { get; } =
    [
        new("nodes are ready", "wait --for=condition=Ready node --all --timeout=20s") { Says = "condition met" },
        new("node table", "get nodes") { Says = "Ready" },
        new("namespace", "create namespace $NS") { Says = "created" },
        new("deployment", "create deployment web -n $NS --image=nginx:1 --replicas=3 --port=8080") { Says = "created" },
        new("rollout status", "rollout status deployment/web -n $NS --timeout=30s") { Says = "deployment \"web\" successfully rolled out" },
        new("deployment table", "get deployment web -n $NS") { Says = "web 3/3 3 3" },
        new("wait for the pods", "wait --for=condition=Ready pod -l app=web -n $NS --timeout=20s") { Says = "condition met" },
        new("pods run", "get pods -n $NS -l app=web --no-headers") { Says = "1/1 Running 0" },
        new("pods have nodes", "get pods -n $NS -l app=web -o wide --no-headers") { Says = "contract-" },
        new("describe a pod", "describe pod -l app=web -n $NS") { Says = "Started" },
        new("logs of a deployment", "logs deployment/web -n $NS") { Says = "nginx: starting nginx:1 (simulated)" },
        new("logs by label", "logs -l app=web -n $NS --prefix --tail=1") { Says = "nginx: listening on :8080" },
        new("logs of no such container", "logs deployment/web -n $NS -c other") { ExitCode = 1, Says = "container other is not valid for pod" },
        new("top nodes", "top nodes") { Says = "NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)\ncontract-0" },
        new("top pods", "top pods -n $NS -l app=web") { Says = "NAME CPU(cores) MEMORY(bytes)\nweb-" },
        new("top containers", "top pods -n $NS --containers --no-headers") { Says = " nginx " },
        new("top one pod's containers", "top pod -n $NS -l app=web --containers --no-headers") { Says = " nginx " },
        new("top nodes by memory", "top nodes --sort-by=memory --no-headers") { Says = "contract-2" },
        // Through discovery: `get --raw` of older kubectls forgets the path of the server.
        new("usage of a node", "get nodes.metrics.k8s.io contract-1 -o jsonpath={.kind}/{.window}") { Says = "NodeMetrics/15s" },
        new("usage of pods by label", "get pods.metrics.k8s.io -n $NS -l app=web -o jsonpath={.items[*].containers[*].name}") { Says = "nginx nginx nginx" },
        new("usage of no such pod", "get pods.metrics.k8s.io -n $NS none") { ExitCode = 1, Says = "pods.metrics.k8s.io \"none\" not found" },
        new("new image", "set image deployment/web nginx=nginx:2 -n $NS") { Says = "image updated" },
        new("rolled over", "rollout status deployment/web -n $NS --timeout=30s") { Says = "successfully rolled out" },
        new("only new pods", "get pods -n $NS -l app=web --field-selector=status.phase=Running -o jsonpath={.items[*].spec.containers[0].image}") { Says = "nginx:2 nginx:2 nginx:2", Eventually = true },
        new("bad image", "set image deployment/web nginx=nginx:does-not-exist -n $NS") { Says = "image updated" },
        new("rollout does not end", "rollout status deployment/web -n $NS --timeout=2s") { ExitCode = 1, Says = "timed out waiting" },
        new("bad pods", "get pods -n $NS -l app=web --no-headers") { Says = "ImagePullBackOff", Eventually = true },
        new("undo", "rollout undo deployment/web -n $NS") { Says = "rolled back" },
        new("rolled back", "rollout status deployment/web -n $NS --timeout=30s") { Says = "successfully rolled out" },
        new("scale", "scale deployment web -n $NS --replicas=5") { Says = "scaled" },
        new("wait for replicas", "wait --for=jsonpath={.status.readyReplicas}=5 deployment/web -n $NS --timeout=20s") { Says = "condition met" },
        new("autoscale", "autoscale deployment web -n $NS --min=1 --max=6 --cpu-percent=50") { Says = "autoscaled" },
        new("expose", "expose deployment web -n $NS --type=LoadBalancer --port=80 --target-port=8080") { Says = "exposed" },
        new("address given", "wait --for=jsonpath={.status.loadBalancer.ingress[0].ip} service/web -n $NS --timeout=20s") { Says = "condition met" },
        new("endpoints", "get endpointslices -n $NS -l kubernetes.io/service-name=web -o jsonpath={.items[0].ports[0].port}:{.items[0].endpoints[0].conditions.ready}") { Says = "8080:true", Eventually = true },
        new("job", "create job once -n $NS --image=busybox -- true") { Says = "created" },
        new("job completes", "wait --for=condition=complete job/once -n $NS --timeout=20s") { Says = "condition met" },
        new("claim", "apply -n $NS -f -") { Says = "created", Input = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: disk}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}" },
        new("run a pod with the claim", "apply -n $NS -f -") { Says = "created", Input = "{apiVersion: v1, kind: Pod, metadata: {name: user}, spec: {containers: [{name: c, image: i}], volumes: [{name: d, persistentVolumeClaim: {claimName: disk}}]}}" },
        new("claim is bound", "wait --for=jsonpath={.status.phase}=Bound pvc/disk -n $NS --timeout=20s") { Says = "condition met" },
        new("statefulset", "apply -n $NS -f -") { Says = "created", Input = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 2, serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}}" },
        new("statefulset rolled out", "rollout status statefulset/db -n $NS --timeout=30s") { Says = "2 new pods have been updated" },
        new("daemonset", "apply -n $NS -f -") { Says = "created", Input = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent}, spec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: c, image: i}]}}}}" },
        new("daemonset rolled out", "rollout status daemonset/agent -n $NS --timeout=30s") { Says = "successfully rolled out" },
        new("events", "events -n $NS --for deployment/web") { Says = "ScalingReplicaSet" },
        new("explain", "explain deployment.spec.replicas") { Says = "FIELD: replicas <integer>" },
        new("explain from v2", "explain pod.spec.containers --output=plaintext-openapiv2") { Says = "image <string>" },
        new("server-side apply", "apply -n $NS --server-side --field-manager=one -f -") { Says = "serverside-applied", Input = Replicas },
        new("diff", "diff -n $NS --server-side --field-manager=one -f -") { ExitCode = 1, Says = "+ replicas: 4", OnlyLines = "^[-+] +replicas", Input = Replicas.Replace("replicas: 2", "replicas: 4", StringComparison.Ordinal) },
        new("server-side conflict", "apply -n $NS --server-side --field-manager=two -f -") { ExitCode = 1, Says = "conflict with \"one\": .spec.replicas", Input = Replicas.Replace("replicas: 2", "replicas: 4", StringComparison.Ordinal) },
        new("drain", "drain contract-1 --ignore-daemonsets --delete-emptydir-data --force --timeout=30s") { Says = "node/contract-1 drained" },
        new("pods went elsewhere", "wait --for=jsonpath={.status.availableReplicas}=5 deployment/web -n $NS --timeout=20s") { Says = "condition met" },
        new("uncordon", "uncordon contract-1") { Says = "uncordoned" },
        // Without waiting: kubectl waits for the name to be free, which it may never see when the set is faster.
        new("delete a pod", "delete pod db-0 -n $NS --wait=false") { Says = "pod \"db-0\" deleted" },
        new("it comes back", "wait --for=condition=Ready pod/db-0 -n $NS --timeout=20s") { Says = "condition met", Eventually = true },
        new("delete the namespace", "delete namespace $NS --timeout=60s") { Says = "deleted" },
    ];
}
