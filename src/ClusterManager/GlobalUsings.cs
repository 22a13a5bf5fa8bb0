global using ClusterDeployment = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Clusters.ClusterDeploymentSpec, Fleet.Contracts.Clusters.ClusterDeploymentStatus>;
global using ClusterTemplateChain = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Chains.ClusterTemplateChainSpec, Fleet.Contracts.Chains.TemplateChainStatus>;
global using ClusterTemplate = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Templates.ClusterTemplateSpec, Fleet.Contracts.Templates.ClusterTemplateStatus>;
global using Credential = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Credentials.CredentialSpec, Fleet.Contracts.Credentials.CredentialStatus>;
global using ServiceSet = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Services.ServiceSetSpec, Fleet.Contracts.Services.ServiceSetStatus>;
