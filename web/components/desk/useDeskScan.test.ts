import { codeOf } from './useDeskScan';

it('reads what is printed, whatever the keyboard made of it', () => {
  expect(codeOf({ text: 'PACK0001234', physical: 'PACK0001234' })).toBe('PACK0001234');
  expect(codeOf({ text: "CAM'05", physical: 'CAM-05' })).toBe('CAM-05');
  expect(codeOf({ text: '234', physical: '234', joined: { text: 'PACK0001234', physical: 'PACK0001234' } })).toBe(
    'PACK0001234',
  );
  expect(codeOf({ text: '¿¡', physical: '%&' })).toBeNull();
});
