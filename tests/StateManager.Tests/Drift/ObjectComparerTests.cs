using static Fleet.StateManager.Tests.Drift.Manifests;

namespace Fleet.StateManager.Tests.Drift;

public sealed class ObjectComparerTests
{
    private const string Pod = "{apiVersion: v1, kind: Pod, spec: ";
    private const string Own = "{apiVersion: example.com/v1, kind: Gauge, spec: ";

    /// <summary>What a manifest states, what a server has, and the paths that drifted.</summary>
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "the same", Pod + "{nodeName: a}}", Pod + "{nodeName: a}}", "" },
        { "another value", Pod + "{nodeName: a}}", Pod + "{nodeName: b}}", "spec.nodeName" },
        { "removed", Pod + "{nodeName: a}}", Pod + "{}}", "spec.nodeName" },
        { "only what is stated counts", Pod + "{nodeName: a}}", Pod + "{nodeName: a, dnsPolicy: Default}, status: {phase: Failed}}", "" },
        { "null states nothing", Pod + "{nodeName: null}}", Pod + "{nodeName: b}}", "" },
        { "a map that is gone is one drift", Pod + "{nodeSelector: {a: b, c: d}}}", Pod + "{}}", "spec.nodeSelector" },
        { "a map that is empty and not there", Pod + "{nodeSelector: {}, securityContext: {seLinuxOptions: {}}}}", Pod + "{}}", "" },
        { "more keys are nobody's drift", Pod + "{overhead: {a: b}}}", Pod + "{overhead: {a: b, c: d}}}", "" },
        { "but where they select something else", Pod + "{nodeSelector: {a: b}}}", Pod + "{nodeSelector: {a: b, c: d}}}", "spec.nodeSelector" },
        { "an empty map of nodes states nothing", Pod + "{nodeSelector: {}}}", Pod + "{nodeSelector: {c: d}}}", "" },
        { "all pods are not some pods", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {}}}",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {matchLabels: {a: b}}}}", "spec.podSelector" },
        { "an empty list that is not there", Pod + "{tolerations: []}}", Pod + "{}}", "" },
        { "an empty list that is not empty any more", Pod + "{tolerations: []}}", Pod + "{tolerations: [{operator: Exists}]}}", "spec.tolerations" },
        { "false and nothing", Pod + "{hostNetwork: false}}", Pod + "{}}", "" },
        { "false and true", Pod + "{hostNetwork: false}}", Pod + "{hostNetwork: true}}", "spec.hostNetwork" },
        { "false that protects", Pod + "{containers: [{name: a, securityContext: {allowPrivilegeEscalation: false}}]}}",
            Pod + "{containers: [{name: a, securityContext: {}}]}}", "spec.containers[name=a].securityContext.allowPrivilegeEscalation" },
        { "an empty directory that became another volume", Pod + "{volumes: [{name: a, emptyDir: {}}]}}",
            Pod + "{volumes: [{name: a, hostPath: {path: /}}]}}", "spec.volumes[name=a].emptyDir" },

        // Custom resources are kept as they were written.
        { "own: false and nothing", Own + "{enabled: false}}", Own + "{}}", "spec.enabled" },
        { "own: quantities are text", Own + "{resources: {requests: {cpu: 1000m}}}}", Own + "{resources: {requests: {cpu: '1'}}}}", "spec.resources.requests.cpu" },
        { "own: lists have no keys", Own + "{containers: [{name: a}]}}", Own + "{containers: [{name: side}, {name: a}]}}", "spec.containers" },
        { "own: a list of as many is compared in order", Own + "{parts: [{size: 1}, {size: 2}]}}", Own + "{parts: [{size: 1, x: default}, {size: 3}]}}", "spec.parts[1].size" },

        // Scalars.
        { "numbers by value", Own + "{size: 1.0}}", Own + "{size: 1}}", "" },
        { "a number is not its text", Own + "{size: 1}}", Own + "{size: '1'}}", "spec.size" },
        { "true is not its text", Own + "{size: true}}", Own + "{size: 'true'}}", "spec.size" },
        { "a map is not a text", Own + "{size: {a: b}}}", Own + "{size: x}}", "spec.size" },

        // Quantities.
        { "1000m is 1", Requests("1000m"), Requests("'1'"), "" },
        { "a number of cores is its text", Requests("2"), Requests("'2'"), "" },
        { "1024Mi is 1Gi", Requests("1024Mi"), Requests("1Gi"), "" },
        { "1.5Gi is 1536Mi", Requests("1.5Gi"), Requests("1536Mi"), "" },
        { "1e3 is 1k", Requests("1e3"), Requests("1k"), "" },
        { "1G is not 1Gi", Requests("1G"), Requests("1Gi"), "spec.containers[name=a].resources.requests.x" },
        { "another quantity", Requests("100m"), Requests("200m"), "spec.containers[name=a].resources.requests.x" },
        { "text elsewhere stays text", Pod + "{schedulerName: '1000m'}}", Pod + "{schedulerName: '1'}}", "spec.schedulerName" },

        // Lists that are merged.
        { "a sidecar is nobody's drift", Pod + "{containers: [{name: a, image: x}]}}", Pod + "{containers: [{name: side, image: y}, {name: a, image: x}]}}", "" },
        { "an element by its name", Pod + "{containers: [{name: a, image: x}]}}", Pod + "{containers: [{name: side, image: x}, {name: a, image: z}]}}", "spec.containers[name=a].image" },
        { "an element that is gone", Pod + "{containers: [{name: a}, {name: b}]}}", Pod + "{containers: [{name: a}]}}", "spec.containers[name=b]" },
        { "env by name", Pod + "{containers: [{name: a, env: [{name: X, value: '1'}]}]}}",
            Pod + "{containers: [{name: a, env: [{name: Y, value: '9'}, {name: X, value: '2'}]}]}}", "spec.containers[name=a].env[name=X].value" },
        { "ports by number and protocol, which is TCP unless said", Pod + "{containers: [{name: a, ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP, name: u}]}]}}",
            Pod + "{containers: [{name: a, ports: [{containerPort: 80, protocol: UDP, name: w}, {containerPort: 80, protocol: TCP}]}]}}",
            "spec.containers[name=a].ports[containerPort=80,protocol=UDP].name" },
        { "names twice make it one value", Pod + "{containers: [{name: a, env: [{name: X, value: '1'}, {name: X, value: '2'}]}]}}",
            Pod + "{containers: [{name: a, env: [{name: X, value: '1'}, {name: X, value: '3'}]}]}}", "spec.containers[name=a].env[1].value" },
        { "a list of texts is one value", Pod + "{containers: [{name: a, args: [x, y]}]}}", Pod + "{containers: [{name: a, args: [x, z]}]}}", "spec.containers[name=a].args" },
        { "a list of other length is one value", Pod + "{tolerations: [{key: a}]}}", Pod + "{tolerations: [{key: a}, {key: b}]}}", "spec.tolerations" },

        // Metadata.
        { "labels and annotations that are stated", "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {a: b}, annotations: {c.d/e: f}}}",
            "{apiVersion: v1, kind: Pod, metadata: {name: a, uid: u, labels: {a: x, more: y}, annotations: {z: z}}}", "metadata.labels.a metadata.annotations[\"c.d/e\"]" },
        { "nothing else of metadata", "{apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: null, finalizers: [x], generation: 1}}", "{apiVersion: v1, kind: Pod, metadata: {name: a}}", "" },

        // Kinds with ways of their own.
        { "stringData is data", "{apiVersion: v1, kind: Secret, stringData: {a: b}}", "{apiVersion: v1, kind: Secret, data: {a: Yg==}}", "" },
        { "stringData that differs", "{apiVersion: v1, kind: Secret, data: {a: eA==}, stringData: {a: b}}", "{apiVersion: v1, kind: Secret, data: {a: eA==}}", "data.a" },
        { "bytes in lines", "{apiVersion: v1, kind: Secret, data: {a: \"Yg\\n==\\n\"}}", "{apiVersion: v1, kind: Secret, data: {a: Yg==}}", "" },
        { "a Service's addresses are the server's", "{apiVersion: v1, kind: Service, spec: {clusterIP: '', ports: [{port: 80, nodePort: 0}]}}",
            "{apiVersion: v1, kind: Service, spec: {clusterIP: 10.0.0.1, ports: [{port: 80, protocol: TCP, nodePort: 30000}]}}", "" },
        { "a headless Service", "{apiVersion: v1, kind: Service, spec: {clusterIP: None}}", "{apiVersion: v1, kind: Service, spec: {clusterIP: 10.0.0.1}}", "spec.clusterIP" },
        { "aggregated rules are the controller's", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, rules: [], aggregationRule: {}}",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, rules: [{verbs: [get]}], aggregationRule: {}}", "" },
        { "rules are one's own", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, rules: [{verbs: [get]}]}",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, rules: [{verbs: [get, delete]}]}", "rules[0].verbs" },
        { "a certificate that a controller fills in", "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, webhooks: [{name: a, clientConfig: {caBundle: Cg==}}]}",
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, webhooks: [{name: a, clientConfig: {caBundle: QUJD}}]}", "" },
        { "metrics in any order", "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {metrics: [{type: Resource}, {type: Pods}]}}",
            "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {metrics: [{type: Pods}, {type: Resource, resource: {}}]}}", "" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Only_what_a_manifest_states_and_a_server_has_otherwise_is_drift(string name, string declared, string live, string paths)
    {
        Assert.NotEmpty(name);
        Assert.Equal(paths, Paths(declared, live));
    }

    [Theory]
    [InlineData("/spec/containers/0/image", "")]
    [InlineData("/spec/containers/1/image", "spec.containers[name=a].image")]
    [InlineData("/spec/containers/*/image", "")]
    [InlineData("/spec", "")]
    [InlineData("/spec/contain", "spec.containers[name=a].image")]
    [InlineData("/spec/containers/0/image/deeper", "spec.containers[name=a].image")]
    public void Excluded_fields_and_all_below_them_do_not_count(string pointer, string paths) => Assert.Equal(
        paths, Paths(Pod + "{containers: [{name: a, image: x}]}}", Pod + "{containers: [{name: side, image: y}, {name: a, image: z}]}}", pointer));

    [Fact]
    public void What_is_excluded_is_told_with_its_present_value()
    {
        var left = Assert.Single(Compare(Pod + "{nodeName: a, hostNetwork: true}}", Pod + "{nodeName: b, hostNetwork: true}}", "/spec/nodeName").Left);
        Assert.Equal(("spec.nodeName", "b"), (left.Path.ToString(), (string?)left.Live));
    }

    private static string Requests(string quantity) => Pod + $"{{containers: [{{name: a, resources: {{requests: {{x: {quantity}}}}}}}]}}}}";
}
