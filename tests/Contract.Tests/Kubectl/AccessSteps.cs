using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>Roles, impersonation, tokens, and the end of the namespace.</summary>
internal static class AccessSteps
{
    private const string Reader = "--as=system:serviceaccount:$NS:reader";

    public static IReadOnlyList<Step> All { get; } =
    [
        new("create service account", "create serviceaccount reader -n $NS") { Says = "serviceaccount/reader created" },
        new("create role", "create role reads -n $NS --verb=get,list --resource=configmaps") { Says = "role.rbac.authorization.k8s.io/reads created" },
        new("before the binding", $"auth can-i list configmaps -n $NS {Reader}") { ExitCode = 1, Says = "no" },
        new("create role binding", "create rolebinding reads -n $NS --role=reads --serviceaccount=$NS:reader") { Says = "created" },
        new("role binding table", "get rolebinding reads -n $NS -o wide") { Says = "reads Role/reads" },
        new("after the binding", $"auth can-i list configmaps -n $NS {Reader}") { Says = "yes", Eventually = true },
        new("other verbs stay forbidden", $"auth can-i delete configmaps -n $NS {Reader}") { ExitCode = 1, Says = "no" },
        new("other namespaces stay forbidden", $"auth can-i list configmaps -n default {Reader}") { ExitCode = 1, Says = "no" },
        new("the admin may do all", "auth can-i * * --all-namespaces") { Says = "yes" },
        new("what the reader may do", $"auth can-i --list -n $NS {Reader}") { Says = "configmaps [] [] [get list]", OnlyLines = "configmaps" },
        new("read as the reader", $"get configmap orphan -n $NS -o name {Reader}") { Says = "configmap/orphan" },
        new("write as the reader", $"delete configmap orphan -n $NS {Reader}")
        {
            ExitCode = 1, Says = "User \"system:serviceaccount:$NS:reader\" cannot delete resource \"configmaps\" in API group \"\" in the namespace \"$NS\"",
        },
        new("create a role above one's own", $"create role more -n $NS --verb=delete --resource=secrets {Reader}") { ExitCode = 1, Says = "forbidden" },
        new("create cluster role", "create clusterrole reads-$TAG --verb=get --resource=nodes") { Says = "created" },
        new("create cluster role binding", "create clusterrolebinding reads-$TAG --clusterrole=reads-$TAG --serviceaccount=$NS:reader") { Says = "created" },
        new("cluster-wide right", $"auth can-i get nodes {Reader}") { Says = "yes", Eventually = true },
        new("auth reconcile", "auth reconcile -n $NS -f -")
        {
            Says = "role.rbac.authorization.k8s.io/reads reconciled",
            Input = "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reads, namespace: $NS}, rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]}",
        },
        new("auth whoami", "auth whoami") { ExitCode = 1, Later = new("1.28", "Groups [system:masters system:authenticated]"), Mask = "(?<=X509SHA256=)[0-9a-f]{64}" },
        new("create token", "create token reader -n $NS") { Says = "JWT" },
        new("use the token", "create token reader -n $NS --duration=1h") { CaptureAs = "READER" },
        new("read with the token", "get configmap orphan -n $NS -o name --token=$READER --kubeconfig=$DIR/none.kubeconfig --server=$URL --certificate-authority=$CA") { Says = "configmap/orphan" },
        new("a false token", "get configmap -n $NS --token=false --kubeconfig=$DIR/none.kubeconfig --server=$URL --certificate-authority=$CA") { ExitCode = 1, Says = "Unauthorized" },
        new("token for a missing account", "create token nobody -n $NS") { ExitCode = 1, Says = "not found" },
        new("version", "version -o json") { Says = "serverVersion", OnlyLines = "serverVersion|\"(major|platform|compiler)\"" },
        new("delete cluster roles", "delete clusterrole,clusterrolebinding reads-$TAG") { Says = "deleted" },
        new("delete namespace", "delete namespace $NS --timeout=90s") { Says = "namespace \"$NS\" deleted" },
        new("everything in it is gone", "get configmap,secret,deployment -n $NS") { Says = "No resources found in $NS namespace." },
        new("create in the deleted namespace", "create configmap late -n $NS") { ExitCode = 1, Says = "namespaces \"$NS\" not found" },
    ];
}
