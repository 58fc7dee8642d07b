/** What a bulk job asks of the graph, to know which services it is about. */

export const BULK_SERVICES = /* GraphQL */ `
  query BulkServices($first: Int!, $after: String, $filter: ServiceFilter!) {
    services(first: $first, after: $after, filter: $filter) {
      nodes {
        id
        status
        planVersion
        plan {
          id
          version
        }
        access {
          router {
            id
          }
          session {
            id
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const BULK_ACCESSES = /* GraphQL */ `
  query BulkAccesses($first: Int!, $after: String, $routerId: ID!) {
    accesses(first: $first, after: $after, filter: { routerId: $routerId }) {
      nodes {
        service {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;
