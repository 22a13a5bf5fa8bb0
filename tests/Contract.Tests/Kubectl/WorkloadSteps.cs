using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>
/// Deployments, Pods, Services, Nodes and what they leave behind. Deployments keep zero replicas, so that the real server,
/// which has no nodes, comes to the same end as one that has.
/// </summary>
internal static class WorkloadSteps
{
    public static IReadOnlyList<Step> All { get; } =
    [
        new("create deployment", "create deployment web -n $NS --image=nginx:1 --replicas=0") { Says = "deployment.apps/web created" },
        new("wait available", "wait --for=condition=Available deployment/web -n $NS --timeout=30s") { Says = "condition met" },
        new("rollout status", "rollout status deployment/web -n $NS --timeout=30s") { Says = "successfully rolled out" },
        new("deployment table", "get deployment web -n $NS -o wide") { Says = "web 0/0 0 0 AGE nginx nginx:1 app=web" },
        new("deployment defaults", "get deployment web -n $NS -o jsonpath={.spec.strategy}{.spec.revisionHistoryLimit}{.spec.progressDeadlineSeconds}") { Says = "RollingUpdate" },
        new("pod template defaults", "get deployment web -n $NS -o jsonpath={.spec.template.spec.restartPolicy}{.spec.template.spec.dnsPolicy}{.spec.template.spec.containers[0].imagePullPolicy}") { Says = "AlwaysClusterFirstIfNotPresent" },
        new("replica set", "get replicaset -n $NS -l app=web -o custom-columns=OWNER:.metadata.ownerReferences[0].name,REPLICAS:.spec.replicas") { Says = "web 0" },
        new("set image", "set image deployment/web nginx=nginx:2 -n $NS") { Says = "image updated" },
        new("second revision", "rollout history deployment/web -n $NS") { Says = "2 <none>", Eventually = true },
        new("rollout after the image", "rollout status deployment/web -n $NS --timeout=30s") { Says = "successfully rolled out" },
        new("rollout undo", "rollout undo deployment/web -n $NS") { Says = "rolled back" },
        new("image after undo", "get deployment web -n $NS -o jsonpath={.spec.template.spec.containers[0].image}") { Says = "nginx:1" },
        new("rollout restart", "rollout restart deployment/web -n $NS") { Says = "restarted" },
        new("rollout pause", "rollout pause deployment/web -n $NS") { Says = "paused" },
        new("rollout pause again", "rollout pause deployment/web -n $NS") { ExitCode = 1, Says = "already paused" },
        new("rollout resume", "rollout resume deployment/web -n $NS") { Says = "resumed" },
        new("set env", "set env deployment/web A=1 -n $NS") { Says = "env updated" },
        new("set resources", "set resources deployment/web -n $NS --limits=cpu=200m,memory=64Mi") { Says = "resource requirements updated" },
        new("resources result", "get deployment web -n $NS -o jsonpath={.spec.template.spec.containers[0].resources}") { Says = "200m" },
        new("scale against a precondition", "scale deployment web -n $NS --current-replicas=5 --replicas=1") { ExitCode = 1, Says = "Expected replicas to be 5, was 0" },
        new("scale", "scale deployment web -n $NS --replicas=0 --current-replicas=0") { Says = "scaled" },
        new("read the scale", "get deployment web -n $NS --subresource=scale -o jsonpath={.kind}:{.spec.replicas}:{.status.selector}") { Says = "Scale::app=web" },
        new("change the selector", "patch deployment web -n $NS --type=merge -p {\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"other\"}}}}") { ExitCode = 1, Says = "field is immutable" },
        new("deployment without a selector", "create -n $NS --validate=false -f -")
        {
            ExitCode = 1, Says = "spec.selector: Required value",
            Input = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: none}, spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}",
        },
        new("expose", "expose deployment web -n $NS --port=80 --target-port=8080") { Says = "service/web exposed" },
        new("exposed service", "get service web -n $NS -o custom-columns=TYPE:.spec.type,PORT:.spec.ports[0].port,TARGET:.spec.ports[0].targetPort,APP:.spec.selector.app") { Says = "ClusterIP 80 8080 web" },
        new("node port service", "create service nodeport outside -n $NS --tcp=80:80") { Says = "service/outside created" },
        new("node port is given", "get service outside -n $NS -o jsonpath={.spec.ports[0].nodePort}") { Says = "*", Mask = "^3[0-9]{4}$" },
        new("create ingress", "create ingress door -n $NS --class=nginx --rule=example.org/*=web:80") { Says = "ingress.networking.k8s.io/door created" },
        new("ingress table", "get ingress door -n $NS") { Says = "door nginx example.org" },
        new("create cronjob", "create cronjob nightly -n $NS --image=busybox --schedule='0 3 * * *' -- true") { ExitCode = 1, Later = new("1.21", "cronjob.batch/nightly created") },
        new("create disruption budget", "create poddisruptionbudget guard -n $NS --selector=app=web --min-available=1") { ExitCode = 1, Later = new("1.21", "poddisruptionbudget.policy/guard created") },
        new("create quota", "create quota limits -n $NS --hard=configmaps=1000") { Says = "resourcequota/limits created" },
        new("create daemonset", "apply -n $NS -f -")
        {
            Says = "daemonset.apps/agent created",
            Input = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: agent}, spec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {nodeSelector: {none: such}, containers: [{name: c, image: i}]}}}}",
        },
        new("daemonset table", "get daemonset agent -n $NS") { Says = "agent 0 0 0 0 0 none=such" },
        new("create statefulset", "apply -n $NS -f -")
        {
            Says = "statefulset.apps/db created",
            Input = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {replicas: 0, serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: i}]}}}}",
        },
        new("statefulset table", "get statefulset db -n $NS -o wide") { Says = "db 0/0" },
        new("statefulset rollout", "rollout status statefulset/db -n $NS --timeout=20s") { Says = "partitioned roll out complete" },

        new("run a pod", "run probe -n $NS --image=busybox --restart=Never --labels=app=probe --overrides={\"spec\":{\"nodeSelector\":{\"none\":\"such\"}}} -- sleep 1") { Says = "pod/probe created" },
        new("pod is pending", "get pod probe -n $NS") { Says = "probe 0/1 Pending 0" },
        new("pod has its service account", "get pod probe -n $NS -o jsonpath={.spec.serviceAccountName}{.status.phase}{.status.qosClass}") { Says = "defaultPendingBestEffort" },
        new("pods by phase", "get pods -n $NS --field-selector status.phase=Pending -o name") { Says = "pod/probe" },
        new("pods by node", "get pods -n $NS --field-selector spec.nodeName=nowhere -o name"),
        new("change a pod's spec", "patch pod probe -n $NS -p {\"spec\":{\"terminationGracePeriodSeconds\":5}}") { ExitCode = 1, Says = "pod updates may not change fields other than" , OnlyLines = "Forbidden|Invalid" },
        new("write a pod's status", "patch pod probe -n $NS --subresource=status --type=merge -p {\"status\":{\"phase\":\"Succeeded\"}}") { Says = "patched" },
        new("wait for a phase", "wait --for=jsonpath={.status.phase}=Succeeded pod/probe -n $NS --timeout=20s") { Says = "condition met" },
        new("wait in vain", "wait --for=condition=Ready pod/probe -n $NS --timeout=1s") { ExitCode = 1, Says = "timed out waiting for the condition" },
        new("delete a pod", "delete pod probe -n $NS --wait=true --timeout=30s") { Says = "pod \"probe\" deleted" },
        new("pod without containers", "create -n $NS -f - --validate=false") { ExitCode = 1, Input = "{apiVersion: v1, kind: Pod, metadata: {name: empty}, spec: {containers: []}}", Says = "spec.containers: Required value" },

        new("create an owner", "create configmap owner -n $NS") { Says = "created" },
        new("owner's uid", "get configmap owner -n $NS -o jsonpath={.metadata.uid}") { CaptureAs = "OWNER" },
        new("create the owned", "create -n $NS -f -") { Says = "created", Input = Owned("child") },
        new("delete in the background", "delete configmap owner -n $NS --cascade=background") { Says = "deleted" },
        new("the owned goes too", "wait --for=delete configmap/child -n $NS --timeout=40s"),
        new("create an owner to orphan", "create configmap owner -n $NS") { Says = "created" },
        new("second owner's uid", "get configmap owner -n $NS -o jsonpath={.metadata.uid}") { CaptureAs = "OWNER" },
        new("create the second owned", "create -n $NS -f -") { Says = "created", Input = Owned("orphan") },
        new("delete and orphan", "delete configmap owner -n $NS --cascade=orphan") { Says = "deleted" },
        new("the orphan stays", "get configmap orphan -n $NS -o jsonpath={.metadata.name}{.metadata.ownerReferences}") { Says = "orphan", Eventually = true },
        new("create an owner in the foreground", "create configmap owner -n $NS") { Says = "created" },
        new("third owner's uid", "get configmap owner -n $NS -o jsonpath={.metadata.uid}") { CaptureAs = "OWNER" },
        new("create the third owned", "create -n $NS -f -") { Says = "created", Input = Owned("blocker") },
        new("delete in the foreground", "delete configmap owner -n $NS --cascade=foreground --timeout=40s") { Says = "deleted" },
        new("the blocker went first", "get configmap blocker -n $NS") { ExitCode = 1 },
        new("delete a deployment", "delete deployment web -n $NS --cascade=foreground --timeout=40s") { Says = "deployment.apps \"web\" deleted" },
        new("its replica sets are gone", "get replicaset -n $NS -l app=web -o name"),
        new("delete nothing", "delete deployment web -n $NS") { ExitCode = 1, Says = "NotFound" },
        new("delete nothing, ignored", "delete deployment web -n $NS --ignore-not-found"),

        new("create a node", "create -f -") { Input = "{apiVersion: v1, kind: Node, metadata: {name: node-$TAG}}", Says = "node/node-$TAG created" },
        new("cordon", "cordon node-$TAG") { Says = "node/node-$TAG cordoned" },
        new("taint", "taint node node-$TAG dedicated=tests:NoSchedule") { Says = "tainted" },
        new("taint is there", "get node node-$TAG -o 'jsonpath={.spec.taints[?(@.key==\"dedicated\")].effect}{.spec.unschedulable}'") { Says = "NoScheduletrue" },
        new("uncordon", "uncordon node-$TAG") { Says = "uncordoned" },
        new("delete a node", "delete node node-$TAG") { Says = "node \"node-$TAG\" deleted" },
    ];

    private static string Owned(string name) =>
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name
        + ", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner, uid: $OWNER, blockOwnerDeletion: true}]}}";
}
