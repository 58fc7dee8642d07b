import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that start products of their own last for minutes, however short they are. */
const WITH_PRODUCTS = /\/tests\/(journeys|house|security)\//;

/** What lasts long comes first: one that began last would keep a single worker busy at the end of the run. */
export default class ProductsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const hasProduct = ({ moduleId }: TestSpecification) => WITH_PRODUCTS.test(moduleId);
    return [...sorted.filter(hasProduct), ...sorted.filter((file) => !hasProduct(file))];
  }
}
